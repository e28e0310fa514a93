/** What one session puts in the place of `{{name}}`: at its opening, and at each message, as the variables are then. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { Field } from '../../drivers/spec.ts';
import type { SessionConfig } from '../../shared/contract.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import { ADDRESS_CHARACTERS, OPTION_CHARACTERS } from '../../shared/limits.ts';
import { resolveDraft, resolveValues } from '../../shared/template-draft.ts';
import type { Sources } from '../../shared/template-generators.ts';
import { Resolution, type Lookup } from '../../shared/template-resolve.ts';
import { hasTemplate } from '../../shared/template.ts';
import type { TypedDraft } from '../../shared/typed-draft.ts';
import { SecretMask } from './secret-mask.ts';

/** Where variables come from. */
export interface Variables {
  /** As they are now. What cannot be read now answers with a problem. */
  lookup(): Promise<Lookup>;
}

type Values = SessionConfig['options'];

/** Sent again at each connection, and resolved then. */
const LATER = new Set(['reconnectMessages']);

const noVariables: Variables = { lookup: () => Promise.resolve(() => undefined) };

export class SessionValues {
  /** Hides the secrets that the session has used. */
  readonly mask = new SecretMask();
  readonly #variables: Variables;
  readonly #sources: Sources;
  #counter = 0;
  #drawn = 0;

  constructor(variables: Variables = noVariables, now: () => number = Date.now) {
    this.#variables = variables;
    this.#sources = {
      uuid: randomUUID,
      now,
      counter: () => (this.#drawn = this.#counter + 1),
      // The end is not included there.
      randomInt: (min, max) => randomInt(min, max + 1),
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    };
  }

  /** Whether there is anything to resolve; without, nobody has to wait. */
  needs(values: Values): boolean {
    return Object.entries(values).some(([id, value]) => {
      return typeof value === 'string' && !LATER.has(id) && hasTemplate(value);
    });
  }

  needsConfig({ address, options }: SessionConfig): boolean {
    return hasTemplate(address) || this.needs(options);
  }

  /** Errors `unknown-variable`, and `bad-address` or `bad-option` for what is too long; with `field` set. @param fields of the options */
  config(config: SessionConfig, fields: readonly Field[] = []): Promise<Outcome<SessionConfig>> {
    const own = (id: string): readonly string[] => {
      const field = fields.find((one) => one.id === id);
      return field?.type === 'text' ? (field.ownNames ?? []) : [];
    };
    return this.#resolve((resolution) => {
      const later = Object.entries(config.options).filter(([id]) => LATER.has(id));
      const now = Object.entries(config.options).filter(([id]) => !LATER.has(id));
      // One after the other, so that the error names all that is unknown, and the first field.
      const address = resolveValues({ address: config.address }, resolution);
      this.mask.add(resolution.secrets, true);
      const options = resolveValues(Object.fromEntries(now), resolution, own);
      if (!address.ok) return options.ok ? address : { ok: false, error: { ...options.error, field: 'address' } };
      if (!options.ok) return options;
      const resolved = String(address.value.address);
      const problem = lengthProblem(resolved, options.value);
      if (problem !== null) return problem;
      return success({ ...config, address: resolved, options: { ...options.value, ...Object.fromEntries(later) } });
    });
  }

  /** Of an action. Errors as above. */
  values(values: Values): Promise<Outcome<Values>> {
    return this.#resolve((resolution) => resolveValues(values, resolution));
  }

  /** Errors `unknown-variable`, `bad-message`, `message-too-long`. */
  draft(draft: TypedDraft): Promise<Outcome<Uint8Array>> {
    return this.#resolve((resolution) => resolveDraft(draft, resolution));
  }

  async #resolve<T>(run: (resolution: Resolution) => Outcome<T>): Promise<Outcome<T>> {
    const lookup = await this.#variables.lookup();
    // Nothing waits from here on, so that two messages never get the same number.
    this.#drawn = this.#counter;
    const resolution = new Resolution(lookup, this.#sources);
    const outcome = run(resolution);
    this.mask.add(resolution.secrets);
    if (outcome.ok) this.#counter = this.#drawn;
    return outcome;
  }
}

/** The limits of what is typed hold for what becomes of it, too. */
function lengthProblem(address: string, options: Values): ReturnType<typeof failure> | null {
  const words = (what: string, limit: number): string => {
    return `With the values of its variables ${what} would have more than ${limit} characters.`;
  };
  if (address.length > ADDRESS_CHARACTERS) {
    return failure('bad-address', words('the address', ADDRESS_CHARACTERS), '', { field: 'address' });
  }
  const [field] =
    Object.entries(options).find(([, value]) => typeof value === 'string' && value.length > OPTION_CHARACTERS) ?? [];
  return field === undefined ? null : failure('bad-option', words(field, OPTION_CHARACTERS), '', { field });
}
