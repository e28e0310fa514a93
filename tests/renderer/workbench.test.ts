/** The window's tabs against the real engine, over ports in memory. */
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MemoryStorage } from '../../src/engine/storage.ts';
import { driverModules } from '../../src/drivers/node.ts';
import type { Client } from '../../src/rpc/client.ts';
import { TABS_KEPT, WORKSPACE_BYTES } from '../../src/shared/limits.ts';
import { workspaceSchema, type Workspace } from '../../src/shared/workspace.ts';
import { echoDemo } from '../../src/renderer/state/echo-demo.ts';
import type { SessionTab } from '../../src/renderer/state/session-tab.svelte.ts';
import { Workbench } from '../../src/renderer/state/workbench.svelte.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';

const engines: EngineBench[] = [];

interface Window {
  readonly workbench: Workbench;
  readonly client: Client;
}

function startEngine(storage = new MemoryStorage()): { openWindow: () => Promise<Window>; storage: MemoryStorage } {
  const engine = engineBench({ drivers: driverModules, storage });
  engines.push(engine);
  return {
    storage,
    async openWindow() {
      const client = engine.connect();
      const workbench = new Workbench(client);
      await workbench.load();
      return { workbench, client };
    },
  };
}

afterEach(async () => {
  for (const { bugs, dispose } of engines.splice(0)) {
    await dispose();
    expect(bugs).toEqual([]);
  }
});

function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('there is none');
  return value;
}

async function listeningTab(workbench: Workbench): Promise<{ tab: SessionTab; port: number }> {
  const tab = need(workbench.newTab('tcp-server', { address: '127.0.0.1:0' }));
  await tab.open();
  return { tab, port: Number(need(tab.status?.local).split(':')[1]) };
}

async function refusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? need(address).port : 0;
}

function saved(storage: MemoryStorage): Workspace {
  return workspaceSchema.parse(JSON.parse(need(storage.text)));
}

async function sessions(client: Client): Promise<number> {
  const listed = await client.call('session.list', {});
  return listed.ok ? listed.value.sessions.length : -1;
}

describe('a tab', () => {
  it('says why a connect failed, and one dismissal puts that away', async () => {
    const { workbench } = await startEngine().openWindow();
    const tab = need(workbench.newTab('tcp-client', { address: `127.0.0.1:${await refusedPort()}` }));
    await tab.open();
    await vi.waitFor(() => {
      expect(tab.state).toBe('failed');
    });
    expect(tab.error?.code).toBe('connection-refused');
    tab.error = null;
    expect(tab.error).toBeNull();
  });

  it('takes a second press while it opens for the same one', async () => {
    const { workbench, client } = await startEngine().openWindow();
    const tab = need(workbench.newTab('tcp-server', { address: '127.0.0.1:0' }));
    await Promise.all([tab.open(), tab.open()]);
    expect(tab.error).toBeNull();
    expect(tab.state).toBe('open');
    expect(await sessions(client)).toBe(1);
  });

  it('shows the end of its session above an older, smaller failure', async () => {
    const { workbench } = await startEngine().openWindow();
    const server = createServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? need(address).port : 0;
    const tab = need(workbench.newTab('tcp-client', { address: `127.0.0.1:${port}` }));
    await tab.open();
    await tab.act('no-such-action');
    expect(tab.error?.code).toBe('bad-request');
    tab.composer.draft.text = 'provoke';
    await tab.composer.send(null);
    await vi.waitFor(() => {
      expect(tab.error?.code).toBe('connection-reset');
    });
    server.close();
  });

  it('names a server by the address that it was given', async () => {
    const { workbench } = await startEngine().openWindow();
    const { tab, port } = await listeningTab(workbench);
    expect(tab.name).toBe(`127.0.0.1:${port}`);
    expect(tab.fullName).toBe(`TCP server 127.0.0.1:${port}`);
  });

  it('names a tab by its address without the password, which stays in the address', async () => {
    const { workbench } = await startEngine().openWindow();
    const tab = need(workbench.newTab('websocket-client', { address: 'ws://anna:secret@host/' }));
    expect(tab.name).toBe('ws://anna:•••@host/');
    expect(tab.toDocument().address).toBe('ws://anna:secret@host/');
  });
});

describe('closing tabs', () => {
  it('ends the session, keeps its rows until the undo lapses, and forgets them then', async () => {
    const { workbench, client } = await startEngine().openWindow();
    const { tab } = await listeningTab(workbench);
    workbench.closeTab(tab);
    expect(workbench.tabs).toEqual([]);
    need(need(workbench.notices.list[0]).action).run();
    expect(workbench.active).toBe(tab);
    await vi.waitFor(() => {
      expect(tab.state).toBe('closed');
    });
    workbench.closeTab(tab);
    workbench.notices.dismiss(need(workbench.notices.list[0]).id);
    await vi.waitFor(async () => {
      expect(await sessions(client)).toBe(0);
    });
    workbench.reopenTab();
    expect(need(workbench.active).address).toBe('127.0.0.1:0');
    expect(need(workbench.active)).not.toBe(tab);
    expect(need(workbench.active).messages.counts.total).toBe(0);
  });

  it('leaves nothing open of a session that was only just being made', async () => {
    const { workbench, client } = await startEngine().openWindow();
    const tab = need(workbench.newTab('tcp-server', { address: '127.0.0.1:0' }));
    const opening = tab.open();
    workbench.closeTab(tab);
    await opening;
    const listed = await client.call('session.list', {});
    expect(listed.ok && listed.value.sessions.map((status) => status.state)).toEqual(['idle']);
  });

  it('forgets the oldest of many closed tabs with its session', async () => {
    const { workbench, client } = await startEngine().openWindow();
    for (let count = 0; count < 21; count += 1) await listeningTab(workbench);
    for (const tab of [...workbench.tabs]) workbench.closeTab(tab);
    await vi.waitFor(async () => {
      expect(await sessions(client)).toBe(20);
    });
    for (const notice of [...workbench.notices.list]) workbench.notices.dismiss(notice.id);
    await vi.waitFor(async () => {
      expect(await sessions(client)).toBe(0);
    });
  });

  it('gives an earlier notice no say over a tab that was opened again and closed again', async () => {
    const { workbench, client } = await startEngine().openWindow();
    const { tab } = await listeningTab(workbench);
    workbench.closeTab(tab);
    const first = need(workbench.notices.list[0]);
    workbench.reopenTab();
    workbench.closeTab(tab);
    workbench.notices.dismiss(first.id);
    expect(await sessions(client)).toBe(1);
    need(need(workbench.notices.list[0]).action).run();
    expect(workbench.active).toBe(tab);
    expect(tab.session).not.toBeNull();
  });

  it('does not go over the number of tabs that are kept', async () => {
    const { openWindow, storage } = startEngine();
    const { workbench } = await openWindow();
    for (let count = 0; count < TABS_KEPT; count += 1) workbench.newTab('tcp-client');
    workbench.closeTab(need(workbench.tabs[0]));
    workbench.newTab('tcp-client');
    workbench.reopenTab();
    expect(workbench.tabs).toHaveLength(TABS_KEPT);
    workbench.scheduleSave();
    workbench.flush();
    await vi.waitFor(() => {
      expect(saved(storage).tabs).toHaveLength(TABS_KEPT);
    });
  });
});

describe('another protocol in a tab', () => {
  it('puts the rows away, and the undo brings them back', async () => {
    const { workbench } = await startEngine().openWindow();
    const tab = need(workbench.newTab('tcp-client', { address: `127.0.0.1:${await refusedPort()}` }));
    await tab.open();
    await vi.waitFor(() => {
      expect(tab.state).toBe('failed');
    });
    workbench.changeProtocol(tab, 'tcp-server');
    expect(need(workbench.active).spec.id).toBe('tcp-server');
    expect(need(workbench.active).address).toBe(tab.address);
    need(need(workbench.notices.list[0]).action).run();
    expect(workbench.active).toBe(tab);
    expect(tab.session).not.toBeNull();
  });
});

describe('what is remembered', () => {
  it('is the newest state, also when a change was taken back', async () => {
    const { openWindow, storage } = startEngine();
    const { workbench } = await openWindow();
    const tab = need(workbench.newTab('tcp-client', { address: 'a.test:1' }));
    workbench.scheduleSave();
    workbench.flush();
    await vi.waitFor(() => {
      expect(saved(storage).tabs[0]?.address).toBe('a.test:1');
    });
    tab.address = 'b.test:1';
    workbench.scheduleSave();
    tab.address = 'a.test:1';
    workbench.scheduleSave();
    workbench.flush();
    expect(saved(storage).tabs[0]?.address).toBe('a.test:1');
  });

  it('stays as it was when the drafts grow too large, and the window says so once', async () => {
    const { openWindow, storage } = startEngine();
    const { workbench } = await openWindow();
    const tab = need(workbench.newTab('tcp-client', { address: 'a.test:1' }));
    workbench.scheduleSave();
    workbench.flush();
    await vi.waitFor(() => {
      expect(storage.text).not.toBeNull();
    });
    for (const extra of ['', '!']) {
      tab.composer.draft.text = 'x'.repeat(WORKSPACE_BYTES) + extra;
      workbench.scheduleSave();
      workbench.flush();
    }
    expect(workbench.notices.list.map((notice) => notice.tone)).toEqual(['bad']);
    expect(saved(storage).tabs[0]?.composer.text).toBe('');
  });

  it('brings tabs, drafts and their order back', async () => {
    const { openWindow, storage } = startEngine();
    const { workbench } = await openWindow();
    const tab = need(workbench.newTab('tcp-client', { address: 'a.test:1' }));
    tab.composer.draft.text = 'half a sentence';
    workbench.newTab('tcp-server');
    workbench.activate(tab);
    workbench.scheduleSave();
    workbench.flush();
    await vi.waitFor(() => {
      expect(storage.text).not.toBeNull();
    });
    const again = await startEngine(storage).openWindow();
    expect(again.workbench.tabs.map((item) => item.spec.id)).toEqual(['tcp-client', 'tcp-server']);
    expect(need(again.workbench.active).composer.draft.text).toBe('half a sentence');
  });
});

describe('a window that is loaded anew', () => {
  it('gives a session that runs without a tab its tab back', async () => {
    const { openWindow } = startEngine();
    const first = await openWindow();
    const { port } = await listeningTab(first.workbench);
    first.client.close();
    const { workbench } = await openWindow();
    expect(workbench.tabs.map((tab) => tab.address)).toEqual([`127.0.0.1:${port}`]);
    await vi.waitFor(() => {
      expect(need(workbench.active).state).toBe('open');
    });
  });

  it('ends what only waited for an undo', async () => {
    const { openWindow } = startEngine();
    const first = await openWindow();
    const { tab } = await listeningTab(first.workbench);
    first.workbench.closeTab(tab);
    await vi.waitFor(() => {
      expect(tab.state).toBe('closed');
    });
    first.client.close();
    const { workbench, client } = await openWindow();
    expect(workbench.tabs).toEqual([]);
    await vi.waitFor(async () => {
      expect(await sessions(client)).toBe(0);
    });
  });

  it('shows nothing of a session that another window has ended', async () => {
    const { openWindow } = startEngine();
    const first = await openWindow();
    const { tab } = await listeningTab(first.workbench);
    await first.client.call('session.remove', { session: need(tab.session) });
    await vi.waitFor(() => {
      expect(tab.state).toBe('idle');
    });
    await tab.open();
    expect(tab.state).toBe('open');
  });
});

describe('the names of connections', () => {
  it('are those of the session that is shown', async () => {
    const { workbench } = await startEngine().openWindow();
    const { tab, port } = await listeningTab(workbench);
    const name = async (): Promise<string> => {
      await vi.waitFor(() => {
        expect(tab.peerNames.of(1)).not.toBeNull();
      });
      return need(tab.peerNames.of(1));
    };
    const first = connect(port, '127.0.0.1');
    await once(first, 'connect');
    expect(await name()).toBe(`127.0.0.1:${need(first.localPort)}`);
    first.destroy();
    await tab.forget();
    await tab.open();
    const second = connect(Number(need(tab.status?.local).split(':')[1]), '127.0.0.1');
    await once(second, 'connect');
    await vi.waitFor(async () => {
      expect(await name()).toBe(`127.0.0.1:${need(second.localPort)}`);
    });
    second.destroy();
  });
});

describe('the echo demo', () => {
  it('connects two tabs and says hello', async () => {
    const { workbench } = await startEngine().openWindow();
    await echoDemo(workbench);
    const tab = need(workbench.active);
    await vi.waitFor(() => {
      expect(tab.status?.counters).toMatchObject({ bytesIn: 12, bytesOut: 12 });
    });
  });
});
