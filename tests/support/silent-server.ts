/**
 * A place that never answers, on loopback: a server whose thread is stopped and
 * whose backlog is full, so that the system drops further connections (Linux,
 * listen(2)). For connect time-outs without a network.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

const PROGRAM = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  Atomics.wait(new Int32Array(workerData), 0, 0);
  process.exit();
});
`;

/** Linux lets one more in than the backlog says. */
const FILLERS = 2;

export class SilentServer {
  readonly address: string;
  readonly #worker: Worker;
  readonly #gate: Int32Array;
  readonly #fillers: readonly Socket[];

  private constructor(port: number, worker: Worker, gate: Int32Array, fillers: readonly Socket[]) {
    this.address = `127.0.0.1:${port}`;
    this.#worker = worker;
    this.#gate = gate;
    this.#fillers = fillers;
  }

  static async start(): Promise<SilentServer> {
    const shared = new SharedArrayBuffer(4);
    const worker = new Worker(PROGRAM, { eval: true, workerData: shared, stdout: true, stderr: true });
    const [port]: unknown[] = await once(worker, 'message');
    if (typeof port !== 'number') throw new Error('The silent server did not start');
    const fillers: Socket[] = [];
    for (let count = 0; count < FILLERS; count += 1) {
      const socket = connect({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      fillers.push(socket);
    }
    return new SilentServer(port, worker, new Int32Array(shared), fillers);
  }

  async stop(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    const exited = once(this.#worker, 'exit');
    Atomics.store(this.#gate, 0, 1);
    Atomics.notify(this.#gate, 0);
    await exited;
  }
}
