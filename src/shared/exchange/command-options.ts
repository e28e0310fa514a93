/** Options of a command line, as `getopt_long` and its like read them. */

export interface OptionSpec {
  /** `-x`, `--name`; several names of one option are listed together. */
  readonly names: readonly string[];
  /** Whether a value belongs to it: `-p 9000`, `-p9000`, `--port=9000`. `joined`: only with `=`. */
  readonly takes?: 'value' | 'joined';
}

export interface GivenOption {
  /** The first of its names. */
  readonly name: string;
  readonly value: string;
}

export interface GivenOptions {
  readonly options: readonly GivenOption[];
  readonly positionals: readonly string[];
  /** Options that the table does not have. */
  readonly unknown: readonly string[];
}

/** @param words without the program's name. A value that is missing is empty. */
export function readOptions(words: readonly string[], specs: readonly OptionSpec[]): GivenOptions {
  const byName = new Map(specs.flatMap((spec) => spec.names.map((name) => [name, spec] as const)));
  const options: GivenOption[] = [];
  const positionals: string[] = [];
  const unknown: string[] = [];
  let at = 0;
  const next = (): string => {
    at += 1;
    return words[at] ?? '';
  };
  const give = (spec: OptionSpec, value: string): void => {
    options.push({ name: spec.names[0] ?? '', value });
  };
  const short = (cluster: string): void => {
    for (let index = 1; index < cluster.length; index += 1) {
      const name = `-${cluster.charAt(index)}`;
      const spec = byName.get(name);
      if (spec === undefined) {
        unknown.push(index === 1 ? cluster : name);
        return;
      }
      if (spec.takes === undefined) {
        give(spec, '');
        continue;
      }
      const joined = cluster.slice(index + 1).replace(/^=/, '');
      give(spec, joined === '' && spec.takes === 'value' ? next() : joined);
      return;
    }
  };
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      positionals.push(...words.slice(at + 1));
      break;
    }
    const long = /^(--?[a-zA-Z][\w-]*)(?:=([^]*))?$/.exec(word);
    const spec = long === null ? undefined : byName.get(long[1] ?? '');
    if (long !== null && spec !== undefined && (word.startsWith('--') || (long[1] ?? '').length > 2)) {
      give(spec, long[2] ?? (spec.takes === 'value' ? next() : ''));
    } else if (word.startsWith('--')) unknown.push(word);
    else if (word.startsWith('-') && word !== '-') short(word);
    else positionals.push(word);
  }
  return { options, positionals, unknown };
}
