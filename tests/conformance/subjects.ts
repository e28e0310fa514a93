/** The drivers of this repository in their environments. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dnsLookup } from '../../src/drivers/dns/client.ts';
import { memoryClient } from '../../src/drivers/memory/client.ts';
import { memoryServer } from '../../src/drivers/memory/server.ts';
import { tcpClient } from '../../src/drivers/tcp/client.ts';
import { tcpServer } from '../../src/drivers/tcp/server.ts';
import { webSocketClient } from '../../src/drivers/websocket/client.ts';
import { webSocketServer } from '../../src/drivers/websocket/server.ts';
import { asAddress } from '../support/dns-module.ts';
import { FaultyResolver, framed } from '../support/faulty-resolver.ts';
import { dialMemory, MemoryOutside } from '../support/memory-remote.ts';
import { SilentServer } from '../support/silent-server.ts';
import { dial, freeAddress, TcpOutside } from '../support/tcp-remote.ts';
import { dialWs, sendingBinary, webSocketWords, WsOutside } from '../support/ws-remote.ts';
import type { Subject } from './fixture.ts';

export const memoryClientSubject: Subject = {
  module: memoryClient,
  hasReset: true,
  async setup() {
    const outside = await MemoryOutside.listen('outside');
    const silent = await MemoryOutside.listen('silent', true);
    return {
      address: outside.address,
      refused: { address: 'nobody', code: 'connection-refused', errno: 'ECONNREFUSED', peer: 'nobody' },
      silent: () => Promise.resolve(silent.address),
      remote: () => outside.next(),
      async dispose() {
        await outside.close();
        await silent.close();
      },
    };
  },
};

export const memoryServerSubject: Subject = {
  module: memoryServer,
  hasReset: true,
  async setup() {
    const taken = await MemoryOutside.listen('taken');
    return {
      address: 'inside',
      refused: { address: taken.address, code: 'address-in-use', errno: 'EADDRINUSE', peer: 'taken' },
      remote: (address) => dialMemory(address),
      dispose: () => taken.close(),
    };
  },
};

export function tcpClientSubject(host: string): Subject {
  return {
    module: tcpClient,
    hasReset: true,
    async setup() {
      const outside = await TcpOutside.listen(host);
      let silent: SilentServer | null = null;
      const nobody = await freeAddress(host);
      return {
        address: outside.address,
        refused: { address: nobody, code: 'connection-refused', errno: 'ECONNREFUSED', peer: nobody },
        async silent() {
          silent = await SilentServer.start();
          return silent.address;
        },
        remote: () => outside.next(),
        async dispose() {
          await outside.close();
          await silent?.stop();
        },
      };
    },
  };
}

export function tcpServerSubject(host: string): Subject {
  return {
    module: tcpServer,
    hasReset: true,
    async setup() {
      const taken = await TcpOutside.listen(host);
      return {
        address: host.includes(':') ? `[${host}]:0` : `${host}:0`,
        refused: { address: taken.address, code: 'address-in-use', errno: 'EADDRINUSE', peer: taken.address },
        remote: (address) => dial(address),
        dispose: () => taken.close(),
      };
    },
  };
}

async function inNewFolder(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-'));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

export const pathClientSubject: Subject = {
  module: tcpClient,
  hasReset: false,
  async setup() {
    const { folder, remove } = await inNewFolder();
    const outside = await TcpOutside.listen(join(folder, 'outside.sock'));
    let silent: SilentServer | null = null;
    const nobody = join(folder, 'nobody.sock');
    return {
      address: outside.address,
      refused: { address: nobody, code: 'file-not-found', errno: 'ENOENT', peer: nobody },
      async silent() {
        silent = await SilentServer.start();
        return silent.address;
      },
      remote: () => outside.next(),
      async dispose() {
        await outside.close();
        await silent?.stop();
        await remove();
      },
    };
  },
};

export const pathServerSubject: Subject = {
  module: tcpServer,
  hasReset: false,
  async setup() {
    const { folder, remove } = await inNewFolder();
    const taken = await TcpOutside.listen(join(folder, 'taken.sock'));
    const address = join(folder, 'inside.sock');
    let arrived = 0;
    return {
      address,
      refused: { address: taken.address, code: 'address-in-use', errno: 'EADDRINUSE', peer: taken.address },
      remote(at) {
        arrived += 1;
        // Clients of a local socket have no address: the driver numbers them.
        return dial(at, `${at}#${arrived}`);
      },
      async dispose() {
        await taken.close();
        await remove();
      },
    };
  },
};

export function webSocketClientSubject(host: string): Subject {
  return {
    module: sendingBinary(webSocketClient),
    words: webSocketWords,
    hasMessages: true,
    hasReset: true,
    async setup() {
      const outside = await WsOutside.listen(host);
      let silent: SilentServer | null = null;
      const nobody = await freeAddress(host);
      return {
        address: `ws://${outside.address}/`,
        remoteName: outside.address,
        refused: { address: `ws://${nobody}/`, code: 'connection-refused', errno: 'ECONNREFUSED', peer: nobody },
        async silent() {
          silent = await SilentServer.start();
          return `ws://${silent.address}/`;
        },
        remote: () => outside.next(),
        async dispose() {
          await outside.close();
          await silent?.stop();
        },
      };
    },
  };
}

export function webSocketServerSubject(host: string): Subject {
  return {
    module: sendingBinary(webSocketServer),
    words: webSocketWords,
    hasMessages: true,
    hasReset: true,
    async setup() {
      const taken = await TcpOutside.listen(host);
      return {
        address: host.includes(':') ? `[${host}]:0` : `${host}:0`,
        refused: { address: taken.address, code: 'address-in-use', errno: 'EADDRINUSE', peer: taken.address },
        remote: (address) => dialWs(address),
        dispose: () => taken.close(),
      };
    },
  };
}

export function dnsSubject(transport: 'udp' | 'tcp'): Subject {
  const answer = { name: 'example.org', type: 'A', ttl: 60, data: '192.0.2.1' } as const;
  return {
    // What the suite opens is the server; what is asked is always the same.
    module: asAddress(dnsLookup, (servers) => ({
      address: 'example.org',
      options: { servers, transport, types: 'A' },
    })),
    hasReset: false,
    asksOnly: true,
    timeout: { option: 'timeout', code: 'dns-timed-out' },
    async setup() {
      const resolvers: FaultyResolver[] = [];
      const start = async (answers: number): Promise<string> => {
        const resolver = await FaultyResolver.start({
          udp(asked, reply) {
            if (asked.index < answers) reply(asked.answer([answer]));
          },
          tcp(asked, socket) {
            if (asked.index < answers) socket.write(framed(asked.answer([answer])));
          },
        });
        resolvers.push(resolver);
        return resolver.address;
      };
      const address = await start(Infinity);
      const nobody = await freeAddress('127.0.0.1');
      return {
        address,
        refused: { address: nobody, code: 'connection-refused', errno: 'ECONNREFUSED', peer: nobody },
        silent: () => start(0),
        halfSilent: () => start(1),
        remote: () => Promise.reject(new Error('A lookup has no connection that stays.')),
        async dispose() {
          for (const resolver of resolvers) await resolver.stop();
        },
      };
    },
  };
}
