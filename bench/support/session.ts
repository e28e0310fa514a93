/** One session of the engine, as a host opens it, with an ear on its records: for measurements. */
import type { DriverModule } from '../../src/drivers/driver.ts';
import { driverModules } from '../../src/drivers/node.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { Session } from '../../src/engine/session.ts';
import type { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { kindTable, type Direction } from '../../src/shared/record.ts';
import { temporaryFolder } from './folder.ts';
import { recordingIn } from './recording.ts';

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
          recordBatch: (batch, direction, peer) => {
            context.recordBatch(batch, direction, peer);
            for (const kind of module.spec.messageKinds) heard(kind, direction);
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

export interface OpenSession {
  readonly session: Session;
  readonly recording: DiskRecording;
  /** Ends it and removes its recording. */
  readonly dispose: () => Promise<void>;
}

export interface HeardSession extends OpenSession {
  /** Resolves when the next record of this kind and direction has been taken. */
  readonly next: (kind: string, direction: Direction) => Promise<void>;
}

/** An open session of one of the product's protocols. */
export async function openSession(protocol: string, address: string, options: Options = {}): Promise<HeardSession> {
  const module = driverModules.find((item) => item.spec.id === protocol);
  if (module === undefined) throw new Error(`no protocol ${protocol}`);
  let waiting: { kind: string; direction: Direction; resolve: () => void } | null = null;
  const heard = (kind: string, direction: Direction): void => {
    if (waiting?.kind !== kind || waiting.direction !== direction) return;
    const { resolve } = waiting;
    waiting = null;
    resolve();
  };
  return {
    ...(await openModule(tapped(module, heard), address, options)),
    next: (kind, direction) =>
      new Promise((resolve) => {
        waiting = { kind, direction, resolve };
      }),
  };
}

/** An open session with this driver, recorded on disk. A failure is an exception: a benchmark has no use for it. */
export async function openModule(
  module: DriverModule,
  address: string,
  options: Options = {},
  quota?: number,
): Promise<OpenSession> {
  const { id: protocol, kinds } = module.spec;
  const folder = await temporaryFolder();
  const recording = recordingIn(folder.path, { protocol, address, kinds: kindTable(kinds) }, quota);
  const config = { protocol, address, options };
  const session = new Session('bench', module, config, recording, (bug) => {
    throw bug;
  });
  const opened = await session.open(config);
  if (!opened.ok) throw new Error(opened.error.message);
  return {
    session,
    recording,
    async dispose() {
      await session.dispose();
      await folder.remove();
    },
  };
}
