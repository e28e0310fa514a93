/** One session of the engine, as a host opens it, with an ear on its records: for measurements. */
import type { DriverModule } from '../src/drivers/driver.ts';
import { driverModules } from '../src/drivers/node.ts';
import type { Options } from '../src/drivers/spec.ts';
import { MemoryRecording } from '../src/engine/memory-recording.ts';
import { Session } from '../src/engine/session.ts';
import type { Direction } from '../src/shared/record.ts';

type Heard = (kind: string, direction: Direction) => void;

/** Calls `heard` right after each record was taken into the recording. */
function tapped(module: DriverModule, heard: Heard): DriverModule {
  return {
    spec: module.spec,
    create: (context, options) =>
      module.create(
        {
          address: context.address,
          record: (kind, direction, peer, payload, meta) => {
            context.record(kind, direction, peer, payload, meta);
            heard(kind, direction);
          },
          peerOpened: (addresses) => context.peerOpened(addresses),
          peerChanged: (peer, state) => {
            context.peerChanged(peer, state);
          },
          endpoints: (addresses) => {
            context.endpoints(addresses);
          },
          closing: () => {
            context.closing();
          },
          closed: (error) => {
            context.closed(error);
          },
        },
        options,
      ),
  };
}

export interface BenchSession {
  readonly session: Session;
  /** Resolves when the next record of this kind and direction has been taken. */
  readonly next: (kind: string, direction: Direction) => Promise<void>;
}

/** An open session. A failure is an exception: a benchmark has no use for it. */
export async function openSession(protocol: string, address: string, options: Options = {}): Promise<BenchSession> {
  const module = driverModules.find((item) => item.spec.id === protocol);
  if (module === undefined) throw new Error(`no protocol ${protocol}`);
  let waiting: { kind: string; direction: Direction; resolve: () => void } | null = null;
  const config = { protocol, address, options };
  const session = new Session(
    'bench',
    tapped(module, (kind, direction) => {
      if (waiting?.kind !== kind || waiting.direction !== direction) return;
      const { resolve } = waiting;
      waiting = null;
      resolve();
    }),
    config,
    new MemoryRecording(),
    (bug) => {
      throw bug;
    },
  );
  const opened = await session.open(config);
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    session,
    next: (kind, direction) =>
      new Promise((resolve) => {
        waiting = { kind, direction, resolve };
      }),
  };
}
