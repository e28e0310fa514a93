/** How the last life of a tab's connection ended, for as long as that is news. */
import type { SessionStatus } from '../../shared/contract.ts';
import type { Spec } from '../../drivers/spec.ts';
import { dropOf, type Drop } from '../format/drop.ts';

export class LastDrop {
  /** Null: it lives, or nothing needs to be said. */
  current = $state.raw<Drop | null>(null);
  /** Why the life before has ended, while the session tries to come back: a sentence, or ''. */
  reason = $state('');
  isDismissed = $state(false);
  /** It has been open since the last drop. */
  #wasOpen = false;

  dismiss(): void {
    this.isDismissed = true;
  }

  /** A person opens it: what was is over. */
  forget(): void {
    this.current = null;
    this.reason = '';
    this.isDismissed = false;
  }

  /** Each status of the session comes here. */
  update(spec: Spec, status: SessionStatus): void {
    const drop = dropOf(spec, status);
    if (status.state === 'open' && drop === null) {
      this.forget();
      this.#wasOpen = true;
      return;
    }
    if (drop !== null) {
      // Half-closed first and then closed is one end; what was dismissed is not said again.
      if (this.current?.code !== drop.code) this.isDismissed = false;
      this.current = drop;
      this.reason = drop.message;
    } else if (status.state === 'failed' && this.#wasOpen) {
      this.reason = status.error?.message ?? '';
    } else if (status.state === 'opening') {
      this.current = null;
    }
    if (status.state === 'closed' || status.state === 'failed') this.#wasOpen = false;
  }
}
