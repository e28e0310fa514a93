/** What one window looks at: the sessions whose status it gets, and its filtered views. Ends with the window's link. */
import type { PeerId } from '../drivers/driver.ts';
import type { SessionStatus, WatchPace } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import { parseFilter } from '../shared/filter.ts';
import type { WindowLink } from '../shared/handlers.ts';
import {
  EVENT_BACKLOG_BYTES,
  STATUS_BACKGROUND_MS,
  STATUS_DENSE_MS,
  STATUS_DENSE_ROWS,
  STATUS_INTERVAL_MS,
} from '../shared/limits.ts';
import type { AnySession } from './any-session.ts';
import type { Scanner } from './scan/scanner.ts';
import { StatusPace } from './status-pace.ts';
import { View } from './view.ts';

interface OpenView {
  readonly view: View;
  readonly session: AnySession;
  readonly unfollow: () => void;
}

/** One session whose status the window gets. */
interface Watched {
  readonly pace: WatchPace;
  readonly events: StatusPace;
  readonly end: () => void;
}

export class Watches {
  readonly #link: WindowLink;
  readonly #scanner: Scanner;
  readonly #watched = new Map<AnySession, Watched>();
  readonly #views = new Map<number, OpenView>();
  #lastView = 0;

  constructor(link: WindowLink, scanner: Scanner) {
    this.#link = link;
    this.#scanner = scanner;
    link.onClosed(() => {
      this.#end();
    });
  }

  status(session: AnySession): SessionStatus {
    const views = [...this.#views.values()].filter((open) => open.session === session);
    return session.status(views.map((open) => open.view.status));
  }

  /** Sends the status now, and from now on at this pace; null: not any more. */
  watch(session: AnySession, pace: WatchPace | null): void {
    const current = this.#watched.get(session);
    if (pace !== null && current?.pace === pace) {
      current.events.now();
      return;
    }
    this.#unwatch(session);
    if (pace !== null) this.#start(session, pace);
  }

  /** Error: `bad-filter`. */
  open(session: AnySession, filter: string, peer: PeerId | null): Outcome<{ readonly view: number }> {
    const terms = parseFilter(filter);
    if (!terms.ok) return terms;
    const { recording, kinds } = session;
    this.#lastView += 1;
    const source = {
      recording,
      kinds,
      scanner: this.#scanner,
      changed: () => {
        session.touch();
      },
    };
    const view = new View(this.#lastView, source, terms.value, peer);
    const unfollow = recording.onGrowth(() => {
      view.wake();
    });
    this.#views.set(view.id, { view, session, unfollow });
    session.touch();
    return success({ view: view.id });
  }

  /** Error: `not-found`. */
  view(session: AnySession, id: number): Outcome<View> {
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

  /** The session is gone. @param tell whether the window is to know that */
  forget(session: AnySession, tell: boolean): void {
    if (tell && this.#watched.has(session)) this.#link.emit('session.removed', { session: session.id });
    this.#unwatch(session);
    for (const [id, open] of this.#views) if (open.session === session) this.closeView(id);
  }

  #end(): void {
    for (const session of [...this.#watched.keys()]) this.#unwatch(session);
    for (const id of [...this.#views.keys()]) this.closeView(id);
  }
  #start(session: AnySession, pace: WatchPace): void {
    let end = session.recording.rows.end;
    /** Most rows pass unseen: the same picture of them, a third as often, leaves the processor to the sockets. */
    const liveInterval = (): number => {
      const before = end;
      end = session.recording.rows.end;
      return end - before < STATUS_DENSE_ROWS ? STATUS_INTERVAL_MS : STATUS_DENSE_MS;
    };
    const events = new StatusPace(pace === 'live' ? liveInterval : STATUS_BACKGROUND_MS, () => {
      // A window that does not read, such as a frozen browser tab, gets the newest status when it does again.
      if (this.#link.backlog > EVENT_BACKLOG_BYTES) return false;
      this.#link.emit('session.status', this.status(session));
      return true;
    });
    const unfollow = session.onStatus(() => {
      events.touch();
    });
    const stop = (): void => {
      unfollow();
      events.stop();
    };
    this.#watched.set(session, { pace, events, end: stop });
    events.now();
  }

  #unwatch(session: AnySession): void {
    this.#watched.get(session)?.end();
    this.#watched.delete(session);
  }
}
