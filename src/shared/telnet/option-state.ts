/**
 * Whether one option of one side is on: the Q method (RFC 1143), with a queue of any length, for what a person sends by
 * hand may change its mind at once. A request that changes nothing is not answered, and an answer never is.
 */
import { TELNET_ANSWERS_PER_OPTION } from '../telnet-limits.ts';

export class OptionState {
  #isOn = false;
  /** What this side has asked for and the peer has not answered, oldest first. */
  #asked: boolean[] = [];
  #answers = 0;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** This side asks for it by itself. */
  ask(on: boolean): void {
    if (on !== (this.#asked.at(-1) ?? this.#isOn)) this.#asked.push(on);
  }

  /**
   * The peer says so.
   * @param isAccepted whether this side wants it on
   * @returns what to answer; null: nothing
   */
  hear(on: boolean, isAccepted: boolean): boolean | null {
    if (this.#asked.length > 0) {
      this.#isOn = on;
      this.#asked.shift();
      // What asks for what holds now is not answered.
      while (this.#asked[0] === on) this.#asked.shift();
      return null;
    }
    if (on === this.#isOn || this.#answers === TELNET_ANSWERS_PER_OPTION) return null;
    this.#answers += 1;
    this.#isOn = on && isAccepted;
    return this.#isOn;
  }
}
