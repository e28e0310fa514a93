/** The engine as the browser host runs it, without any window, in the Node that is inside Electron: the same code on the same V8. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { createClient, type Client } from '../../src/rpc/client.ts';
import { webSocketPort } from '../../src/rpc/websocket-port.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { useElectron } from './electron.ts';
import { temporaryFolder } from './folder.ts';

const root = join(import.meta.dirname, '../..');

export interface Headless {
  /** Of a TCP server session that listens. */
  readonly port: number;
  stop(): Promise<void>;
}

/** The printed link is exchanged for a cookie, as a browser does it. */
async function enter(link: string): Promise<Client> {
  const { origin, host } = new URL(link);
  const answer = await fetch(link);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return createClient(
    webSocketPort(new WebSocket(`ws://${host}/rpc`, { headers: { Origin: origin, Cookie: cookie } })),
  );
}

async function listen(client: Client, options: Options): Promise<number> {
  const config = { protocol: 'tcp-server', address: '127.0.0.1:0', options };
  const created = await client.call('session.create', { config });
  if (!created.ok) throw new Error(created.error.message);
  const opened = await client.call('session.open', { session: created.value.session, config });
  if (!opened.ok) throw new Error(opened.error.message);
  return Number(opened.value.status.local?.split(':')[1]);
}

async function linkOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const link = /http:\/\/\S+/.exec(line)?.[0];
    if (link !== undefined) return link;
  }
  throw new Error('the browser host ended without printing its address');
}

export async function startHeadless(options: Options): Promise<Headless> {
  const electron = await useElectron();
  const folder = await temporaryFolder();
  const child = spawn(electron.binary, [join(root, 'out/main/web-host.cjs'), '--data', folder.path], {
    env: { ...electron.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const client = await enter(await linkOf(child.stdout));
  return {
    port: await listen(client, options),
    async stop() {
      client.close();
      child.kill();
      await ended;
      await folder.remove();
    },
  };
}
