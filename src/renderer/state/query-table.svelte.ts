/** The query of an address as a table that can be edited: see shared/url-query.ts for what is written. */
import { failure, type WireError } from '../../shared/errors.ts';
import { ADDRESS_CHARACTERS } from '../../shared/limits.ts';
import { queryPairs, withoutPair, withPair, type QueryPair } from '../../shared/url-query.ts';

export interface QuerySource {
  /** As typed. */
  readonly address: () => string;
  readonly change: (address: string) => void;
}

const NEW_PAIR: QueryPair = { name: '', value: '' };

export class QueryTable {
  readonly #source: QuerySource;
  #error = $state.raw<WireError | null>(null);
  /** The address that `error` was said of. */
  #refusedFor = $state('');
  readonly pairs = $derived.by(() => queryPairs(this.#source.address()));
  /** The pairs, and an empty row for a new one. */
  readonly rows = $derived([...this.pairs, NEW_PAIR]);

  constructor(source: QuerySource) {
    this.#source = source;
  }

  /** Why the last change was not made, until the address is another one. */
  get error(): WireError | null {
    return this.#refusedFor === this.#source.address() ? this.#error : null;
  }

  /** @param index of a row; the last one makes a new pair */
  setName(index: number, name: string): void {
    this.#change(withPair(this.#source.address(), index, { name }));
  }

  setValue(index: number, value: string): void {
    this.#change(withPair(this.#source.address(), index, { value }));
  }

  remove(index: number): void {
    this.#change(withoutPair(this.#source.address(), index));
  }

  #change(address: string): void {
    const tooLong = address.length > ADDRESS_CHARACTERS;
    const message = `The address would be ${address.length} characters long; ${ADDRESS_CHARACTERS} are the limit.`;
    this.#error = tooLong ? failure('bad-address', message).error : null;
    this.#refusedFor = this.#source.address();
    if (!tooLong) this.#source.change(address);
  }
}
