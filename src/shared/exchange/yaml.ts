/** The one place of imports and exports that knows YAML (1.2) and its library. */
import { parse, stringify, YAMLParseError } from 'yaml';
import { failure, success, type Outcome } from '../errors.ts';
import { IMPORT_YAML_CHARACTERS } from './exchange-limits.ts';

/** References that a text may have: an export has none, a file written by hand a few; a bomb is made of them. */
const ALIASES = 100;

/**
 * @returns plain values; error `bad-import` with line and column, also for what is too large, too deep, or
 *          multiplies itself by references
 */
export function readYaml(text: string): Outcome<unknown> {
  if (text.length > IMPORT_YAML_CHARACTERS) {
    const millions = IMPORT_YAML_CHARACTERS / (1024 * 1024);
    return failure(
      'bad-import',
      `YAML of more than ${millions} million characters is not read.`,
      'Export it as JSON, or in parts.',
    );
  }
  try {
    // The check for keys that come twice compares each with each; the last one counts, as in JSON.
    return success(parse(text, { uniqueKeys: false, maxAliasCount: ALIASES, logLevel: 'error', prettyErrors: true }));
  } catch (problem) {
    return failure('bad-import', `The text is no YAML that can be read: ${reasonOf(problem)}.`, 'Export it anew.');
  }
}

function reasonOf(problem: unknown): string {
  if (problem instanceof YAMLParseError) {
    const message = (problem.message.split('\n')[0] ?? '').replace(/:$/, '');
    return message.includes('call stack')
      ? message.replace(/^Maximum call stack size exceeded/, 'it is too deep')
      : message;
  }
  // The library's own way to say that references multiply, and the engine's that it is too deep.
  if (problem instanceof ReferenceError) return 'its references (*name) multiply without end';
  if (problem instanceof RangeError) return 'it is too deep';
  throw problem;
}

/** Plain values as YAML that people read; long lines stay whole. */
export function writeYaml(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // The library writes some texts of many lines wrongly in double quotes; on one line it does not.
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  });
}
