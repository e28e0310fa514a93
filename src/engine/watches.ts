/** What one window looks at: the sessions whose status it gets, and its filtered views. Ends with the window's connection. */
import type { PeerId } from '../drivers/driver.ts';
import type { SessionStatus } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { parseFilter } from '../shared/filter.ts';
import type { Connection } from '../shared/handlers.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';
import { View } from './view.ts';

interface OpenView {
  readonly view: View;
  readonly session: Session;
  readonly unfollow: () => void;
}

export class Watches {
  readonly #connection: Connection;
  readonly #turns: Turns;
  readonly #report: (bug: unknown) => void;
  readonly #watched = new Map<Session, () => void>();
  readonly #views = new Map<number, OpenView>();
  #lastView = 0;

  constructor(connection: Connection, turns: Turns, report: (bug: unknown) => void) {
    this.#connection = connection;
    this.#turns = turns;
    this.#report = report;
    connection.onClosed(() => {
      this.#end();
    });
  }

  status(session: Session): SessionStatus {
    const views = [...this.#views.values()].filter((open) => open.session === session);
    return session.status(views.map((open) => open.view.status));
  }

  watch(session: Session, on: boolean): void {
    if (!on) {
      this.#watched.get(session)?.();
      this.#watched.delete(session);
      return;
    }
    const emit = (): void => {
      this.#connection.emit('session.status', this.status(session));
    };
    if (!this.#watched.has(session)) this.#watched.set(session, session.onStatus(emit));
    emit();
  }

  /** Error: `bad-filter`. */
  open(session: Session, filter: string, peer: PeerId | null): Outcome<{ readonly view: number }> {
    const terms = parseFilter(filter);
    if (!terms.ok) return terms;
    const { recording, kinds } = session.recorder;
    this.#lastView += 1;
    const source = {
      recording,
      kinds,
      turns: this.#turns,
      changed: () => {
        session.touch();
      },
      report: this.#report,
    };
    const view = new View(this.#lastView, source, terms.value, peer);
    const unfollow = session.recorder.onRecord(() => {
      view.wake();
    });
    this.#views.set(view.id, { view, session, unfollow });
    session.touch();
    return success({ view: view.id });
  }

  /** Error: `not-found`. */
  view(session: Session, id: number): Outcome<View> {
    const open = this.#views.get(id);
    return open?.session === session ? success(open.view) : failure('not-found', 'This view no longer exists.');
  }

  closeView(id: number): void {
    const open = this.#views.get(id);
    if (open === undefined) return;
    this.#views.delete(id);
    open.unfollow();
    open.view.close();
    open.session.touch();
  }

  /** The session is gone. */
  forget(session: Session): void {
    this.watch(session, false);
    for (const [id, open] of this.#views) if (open.session === session) this.closeView(id);
  }

  #end(): void {
    for (const unwatch of this.#watched.values()) unwatch();
    this.#watched.clear();
    for (const id of [...this.#views.keys()]) this.closeView(id);
  }
}
