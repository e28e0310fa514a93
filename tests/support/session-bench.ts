/** Sessions with a scripted driver. */
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { Session } from '../../src/engine/session.ts';
import { decodeRecords, type RecordView } from '../../src/shared/record.ts';
import { valueOf } from './outcome.ts';
import { script, type Script, type ScriptedDriver } from './scripted-driver.ts';

export const scriptedConfig = { protocol: 'scripted', address: ' here ', options: {} };

export class SessionBench {
  readonly bugs: unknown[] = [];
  readonly #sessions: Session[] = [];

  /** A session that nobody has opened yet. */
  make(prepare?: (driver: ScriptedDriver) => void): { session: Session; driver: Script } {
    const driver = script(prepare);
    const recording = new MemoryRecording();
    const session = new Session('s', driver.module, scriptedConfig, recording, (bug) => this.bugs.push(bug));
    this.#sessions.push(session);
    return { session, driver };
  }

  async open(
    prepare?: (driver: ScriptedDriver) => void,
  ): Promise<{ session: Session; driver: ScriptedDriver; all: Script }> {
    const { session, driver } = this.make(prepare);
    valueOf(await session.open(scriptedConfig));
    return { session, driver: driver.last, all: driver };
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.dispose()));
    this.bugs.length = 0;
  }
}

export async function recordsOf(session: Session): Promise<RecordView[]> {
  return decodeRecords((await session.recorder.recording.read(0, 100_000, 1000)).rows);
}

/** `opening open …`, as the records tell it. */
export async function statesOf(session: Session): Promise<unknown[]> {
  const records = await recordsOf(session);
  return records.filter((record) => record.kind === 1).map((record) => record.meta.to);
}
