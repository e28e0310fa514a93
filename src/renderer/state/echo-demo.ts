import type { Workbench } from './workbench.svelte.ts';

/** Opens a server tab that echoes and a client tab connected to it, which says hello. */
export async function echoDemo(workbench: Workbench): Promise<void> {
  const server = workbench.newTab('tcp-server', {
    title: 'Echo server',
    address: '127.0.0.1:0',
    options: { behaviour: 'echo' },
  });
  await server?.open();
  const address = server?.status?.local ?? null;
  if (address === null) return;
  const client = workbench.newTab('tcp-client', { title: 'Echo client', address });
  if (client === null) return;
  client.composer.draft.text = 'hello world';
  await client.open();
  await client.composer.send(null);
}
