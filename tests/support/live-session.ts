/** One session of the engine with a real driver, as a host opens it; its rows can be waited for. */
import { driverModules } from '../../src/drivers/node.ts';
import type { PeerId } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { Sent } from '../../src/engine/sending.ts';
import { Session } from '../../src/engine/session.ts';
import type { SessionStatus } from '../../src/shared/contract.ts';
import type { Outcome } from '../../src/shared/errors.ts';
import { decodeRecords, directionName, kindTable, type Direction, type Meta } from '../../src/shared/record.ts';
import { valueOf } from './outcome.ts';
import { Watch } from './watch.ts';

/** What a row of the list says, without its bytes. */
export interface LiveRow {
  readonly kind: string;
  readonly direction: Direction;
  readonly peer: PeerId;
  readonly meta: Meta;
  /** Bytes of the payload. */
  readonly length: number;
}

/** Rows to look for: all that is given must be as given. */
export type Wanted = Partial<Omit<LiveRow, 'meta'>> & { readonly meta?: Meta };

type Heard = (kind: number, direction: number, peer: number, payload: Uint8Array | null, meta: Meta | null) => void;

/** Tells of each record once it has been taken. */
class HeardRecording extends MemoryRecording {
  readonly #heard: Heard;

  constructor(heard: Heard) {
    super();
    this.#heard = heard;
  }

  override append(...record: Parameters<MemoryRecording['append']>): number {
    const seq = super.append(...record);
    const [kind, direction, , peer, payload, meta] = record;
    this.#heard(kind, direction, peer, payload, meta);
    return seq;
  }
}

function fits(row: LiveRow, { meta, ...rest }: Wanted): boolean {
  const same = (part: object, whole: object): boolean => {
    const values = new Map<string, unknown>(Object.entries(whole));
    return Object.entries(part).every(([name, value]) => values.get(name) === value);
  };
  return same(rest, row) && same(meta ?? {}, row.meta);
}

export class LiveSession {
  readonly session: Session;
  readonly rows: LiveRow[] = [];
  /** What the engine reported as a bug: nothing, ever. */
  readonly bugs: unknown[] = [];
  readonly #protocol: string;
  readonly #recording: MemoryRecording;
  readonly #watch = new Watch();

  constructor(protocol: string) {
    const module = driverModules.find((item) => item.spec.id === protocol);
    if (module === undefined) throw new Error(`no protocol ${protocol}`);
    const kinds = kindTable(module.spec.kinds);
    this.#protocol = protocol;
    this.#recording = new HeardRecording((kind, direction, peer, payload, meta) => {
      this.rows.push({
        kind: kinds[kind] ?? `kind ${kind}`,
        direction: directionName(direction),
        peer,
        meta: meta ?? {},
        length: payload?.length ?? 0,
      });
      this.#watch.touch();
    });
    const config = { protocol, address: '', options: {} };
    this.session = new Session('live', module, config, this.#recording, (bug) => void this.bugs.push(bug));
    this.session.onStatus(() => {
      this.#watch.touch();
    });
  }

  /** An open session; a failure fails the test. */
  static async open(protocol: string, address: string, options: Options = {}): Promise<LiveSession> {
    const live = new LiveSession(protocol);
    valueOf(await live.open(address, options));
    return live;
  }

  open(address: string, options: Options = {}): Promise<Outcome> {
    return this.session.open({ protocol: this.#protocol, address, options });
  }

  get status(): SessionStatus {
    return this.session.status([]);
  }

  /** Where it is bound. */
  get local(): string {
    return this.status.local ?? '';
  }

  count(wanted: Wanted): number {
    return this.rows.filter((row) => fits(row, wanted)).length;
  }

  /** Waits until there are `count` such rows. @returns the newest */
  async row(wanted: Wanted, count = 1): Promise<LiveRow> {
    await this.until(() => this.count(wanted) >= count, `${count} × ${JSON.stringify(wanted)}`);
    const found = this.rows.filter((row) => fits(row, wanted)).at(-1);
    if (found === undefined) throw new Error('rows do not go away');
    return found;
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    try {
      await this.#watch.until(condition, what);
    } catch (problem) {
      const story = this.rows
        .slice(-20)
        .map(({ kind, direction, meta }) => `${direction} ${kind} ${JSON.stringify(meta)}`);
      throw new Error(`The newest rows were:\n  ${story.join('\n  ')}`, { cause: problem });
    }
  }

  /** To one connection, or to every open one. */
  async send(bytes: Uint8Array, peer: PeerId | null = null): Promise<Sent> {
    return valueOf(await this.session.send(peer, { type: 'bytes', bytes }, null));
  }

  async act(action: string, peer: PeerId | null = null): Promise<void> {
    valueOf(await this.session.act(action, peer));
  }

  /** All bytes that went one way, as they are recorded. @param peer null: of all connections */
  recorded(direction: 'in' | 'out', peer: PeerId | null = null): Buffer {
    const pieces: Uint8Array[] = [];
    for (let from = 0; ;) {
      const chunk = this.#recording.scan(from);
      if (chunk?.type !== 'bytes') return Buffer.concat(pieces);
      for (const record of decodeRecords(chunk.bytes)) {
        if (record.direction === direction && (peer === null || record.peer === peer)) pieces.push(record.payload);
      }
      from = chunk.first + chunk.count;
    }
  }

  async dispose(): Promise<void> {
    await this.session.dispose();
  }
}
