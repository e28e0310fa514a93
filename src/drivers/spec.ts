/**
 * What a protocol declares of itself, as plain data: the form, the menus, the
 * validation, the command line and the docs are all made from it. Pure: the
 * window reads it too.
 */
import { failure, success, type Outcome } from '../shared/errors.ts';

export type OptionValue = string | number | boolean | null;
export type Options = Readonly<Record<string, OptionValue>>;

interface FieldBase<Id extends string> {
  readonly id: Id;
  /** Node's own name where there is one (`setKeepAlive`), else the field's standard term. */
  readonly label: string;
  /** One sentence: what it does, in which unit. */
  readonly help: string;
  /** Heading under which the form shows it. */
  readonly group: string;
}

/** A number or, when `optional`, nothing (null). */
export interface NumberField<Id extends string = string> extends FieldBase<Id> {
  readonly type: 'number';
  readonly default: number | null;
  readonly min: number;
  readonly max: number;
  readonly unit?: string;
  readonly placeholder?: string;
}
export interface BooleanField<Id extends string = string> extends FieldBase<Id> {
  readonly type: 'boolean';
  readonly default: boolean;
}
export interface TextField<Id extends string = string> extends FieldBase<Id> {
  readonly type: 'text';
  readonly default: string;
  readonly placeholder?: string;
  /** Has line breaks: headers, certificates. */
  readonly multiline?: true;
  /** Not to be read over somebody's shoulder: a password. */
  readonly secret?: true;
  /** Names in double braces that the driver replaces by itself: no variables. */
  readonly ownNames?: readonly string[];
}
export interface ChoiceField<Id extends string = string, Value extends string = string> extends FieldBase<Id> {
  readonly type: 'choice';
  readonly default: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
}
export type Field = NumberField | BooleanField | TextField | ChoiceField;

type ValueOf<F extends Field> = F extends { type: 'number'; default: number }
  ? number
  : F extends { type: 'number' }
    ? number | null
    : F extends { type: 'boolean' }
      ? boolean
      : F extends { type: 'text' }
        ? string
        : F extends { type: 'choice'; choices: readonly { readonly value: infer V }[] }
          ? V
          : never;

/** The options of a spec, typed from its fields. A number whose default is a number is never null. */
export type OptionsOf<S extends { readonly fields: readonly Field[] }> = {
  readonly [F in S['fields'][number] as F['id']]: ValueOf<F>;
};

/** One thing that a person may do to an open session or to one of its connections. */
export interface ActionSpec {
  readonly id: string;
  /** What the button or menu item says. */
  readonly label: string;
  readonly help: string;
  /** `session`: the whole session. `peer`: one connection (on a server also all of them, when none is named). */
  readonly on: 'session' | 'peer';
  /** `close`: in the menu "More ways to close". `socket`: in the menu of socket calls. `none`: a view calls it by itself. */
  readonly menu: 'close' | 'socket' | 'none';
  readonly danger?: true;
  /** What is asked before it is done: the payload of a ping, the code of a close. */
  readonly fields?: readonly Field[];
  /** It would do nothing while this fact of the connection has another value: then no menu offers it. */
  readonly when?: { readonly fact: string; readonly is: boolean };
}

export interface Spec {
  readonly id: string;
  /** Plain name: "TCP client". */
  readonly title: string;
  /** Letter tag of tabs and trees: "TCP", "TCP⇠" for a server. */
  readonly tag: string;
  /** Name of the colour token of the protocol: `--tcp`. */
  readonly hue: 'tcp' | 'ws' | 'udp' | 'sse' | 'dns';
  readonly role: 'client' | 'server';
  readonly address: {
    readonly placeholder: string;
    readonly default: string;
    /** It is a URL, whose query can be edited as a table. */
    readonly hasQuery?: true;
  };
  /** Words of the primary button. */
  readonly verbs: { readonly open: string; readonly close: string };
  readonly fields: readonly Field[];
  /** Kinds of records beyond the common ones, in a fixed order (append only: recordings hold the numbers). */
  readonly kinds: readonly string[];
  /** Kinds that carry bytes of the conversation and count as messages. */
  readonly messageKinds: readonly string[];
  readonly actions: readonly ActionSpec[];
  /** Of a server: facts of a connection that stand in the list of connections, by their names. */
  readonly peerFacts?: readonly string[];
  /** What is sent at once is one message, also a file, of at most so many bytes. Without it the protocol is a stream. */
  readonly longestMessage?: number;
  /** It asks by itself, and nothing can be sent by hand: there is no composer. */
  readonly asksOnly?: true;
  /** Of a client: what a server can be checked against (`DriverModule.check`): "RFC 6455 and RFC 7692". */
  readonly standards?: string;
  /** Says, before anything opens, what a person should know about this address ("reachable from the network"), or null. */
  readonly warning?: (address: string, options: Options) => string | null;
}

/** The options of a new session. */
export function defaultOptions(spec: Spec): Options {
  return defaultsOf(spec.fields);
}

export function defaultsOf(fields: readonly Field[]): Options {
  return Object.fromEntries(fields.map((field) => [field.id, field.default]));
}

function problemOf(field: Field, value: OptionValue): string | null {
  switch (field.type) {
    case 'number':
      if (value === null) return field.default === null ? null : `${field.label} needs a number`;
      if (typeof value !== 'number' || !Number.isInteger(value)) return `${field.label} must be a whole number`;
      return value < field.min || value > field.max
        ? `${field.label} must be from ${field.min} to ${field.max}, not ${value}`
        : null;
    case 'boolean':
      return typeof value === 'boolean' ? null : `${field.label} must be on or off`;
    case 'text':
      return typeof value === 'string' ? null : `${field.label} must be text`;
    case 'choice':
      return field.choices.some((choice) => choice.value === value)
        ? null
        : `${field.label} must be one of ${field.choices.map((choice) => choice.value).join(', ')}`;
  }
}

/** What to write instead. */
function remedyOf(field: Field): string {
  switch (field.type) {
    case 'number': {
      const unit = field.unit === undefined ? '' : ` ${field.unit}`;
      const otherwise = field.default === null ? 'or leave it empty' : `as by default ${field.default}${unit}`;
      return `Write a whole number from ${field.min} to ${field.max}${unit}, ${otherwise}.`;
    }
    case 'boolean':
      return `Turn it on or off; it is ${field.default ? 'on' : 'off'} by default.`;
    case 'text':
      return field.default === '' ? 'Write text, or leave it empty.' : `Write text, as by default “${field.default}”.`;
    case 'choice':
      return `The default is ${field.default}.`;
  }
}

function isOptionsOf<S extends Spec>(spec: S, options: Options): options is OptionsOf<S> & Options {
  return spec.fields.every((field) => problemOf(field, options[field.id] ?? null) === null);
}

/**
 * Defaults filled in, every value checked. Unknown names are refused.
 * @returns error `bad-option` with a hint, and `field` set to the id at fault
 */
export function checkOptions<S extends Spec>(spec: S, raw: Options): Outcome<OptionsOf<S>> {
  const checked = checkFields(spec.title, spec.fields, raw);
  if (!checked.ok) return checked;
  if (isOptionsOf(spec, checked.value)) return success(checked.value);
  return failure('bad-option', `The options of ${spec.title} are not valid.`, 'Set them anew.');
}

/** The same for any fields. @param title what has them */
export function checkFields(title: string, fields: readonly Field[], raw: Options): Outcome<Options> {
  const unknown = Object.keys(raw).find((id) => !fields.some((field) => field.id === id));
  if (unknown !== undefined) {
    const names = fields.map(({ id }) => id).join(', ');
    const hint = names === '' ? 'It has none.' : `It has: ${names}.`;
    return failure('bad-option', `${title} has no option "${unknown}".`, hint, { field: unknown });
  }
  const options: Options = { ...defaultsOf(fields), ...raw };
  for (const field of fields) {
    const problem = problemOf(field, options[field.id] ?? null);
    if (problem !== null) return failure('bad-option', `${problem}.`, remedyOf(field), { field: field.id });
  }
  return success(options);
}

/** What is wrong with one value, as a sentence, or null: the form asks at each key. */
export function optionProblem(field: Field, value: OptionValue): string | null {
  return problemOf(field, value);
}
