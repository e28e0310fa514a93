/** What an import is, found out by looking at it. Nothing is written, nothing runs. */
import { failure, success, type Outcome } from '../errors.ts';
import { jsonProblem } from '../json-syntax.ts';
import { IMPORT_BYTES, PRESET_NAME_CHARACTERS } from '../preset-limits.ts';
import { position } from '../text-position.ts';
import { BUNDLE, PRESET_FILE, isBundle, isPresetFile, readBundle, readPresetFile } from './bundle.ts';
import { isCommandLine, readCommandLine } from './command-line.ts';
import { Findings, type Look } from './findings.ts';
import { INSOMNIA_4, INSOMNIA_5, isInsomnia4, isInsomnia5, readInsomnia4, readInsomnia5 } from './insomnia.ts';
import { isObject, type JsonObject } from './json.ts';
import { PACKET_SENDER, isPacketSender, readPacketSender } from './packet-sender.ts';
import {
  POSTMAN,
  POSTMAN_ENVIRONMENT,
  isPostmanEnvironment,
  postmanCollection,
  readPostman,
  readPostmanEnvironment,
} from './postman.ts';
import { YAAK, isYaak, readYaak } from './yaak.ts';
import { readYaml } from './yaml.ts';

const KNOWN =
  'Understood are exports of Packet Sender, Postman, Insomnia and Yaak, bundles of Wirebench, and command lines of websocat, wscat, nc, ncat and socat.';

function bad(message: string, hint = KNOWN): Outcome<never> {
  return failure('bad-import', message, hint);
}

/** The values of a text: JSON where it begins like that, else YAML. */
function valuesOf(text: string): Outcome<unknown> {
  if (!/^\s*[[{]/.test(text)) return readYaml(text);
  try {
    const value: unknown = JSON.parse(text);
    return success(value);
  } catch {
    // YAML has such brackets as well, but exports do not: what is wrong is said in terms of JSON.
    const problem = jsonProblem(text);
    const where = problem === null ? '' : ` at ${position(text, problem.index)}: ${problem.reason}`;
    return bad(`The text is no JSON that can be read${where}.`, 'Export it anew.');
  }
}

type Reader = (findings: Findings) => Outcome<string>;

function readerOf(value: unknown, fileName: string): readonly [kind: string, read: Reader] | null {
  if (isPacketSender(value)) {
    return [
      PACKET_SENDER,
      (findings) => {
        readPacketSender(value, findings);
        return success('Packet Sender');
      },
    ];
  }
  return isObject(value) ? readerOfObject(value, fileName) : null;
}

/** The name of a preset that has none of its own. */
function presetName(fileName: string): string {
  const name = fileName.replace(/^.*[/\\]/s, '').replace(/(\.wirebench|\.wb)?(\.ya?ml|\.json)?$/i, '');
  return name.trim().slice(0, PRESET_NAME_CHARACTERS) || 'Preset';
}

function readerOfObject(value: JsonObject, fileName: string): readonly [kind: string, read: Reader] | null {
  if (isBundle(value)) return [BUNDLE, (findings) => readBundle(value, findings)];
  if (isPresetFile(value)) return [PRESET_FILE, (findings) => readPresetFile(value, presetName(fileName), findings)];
  if (isInsomnia4(value)) return [INSOMNIA_4, (findings) => success(readInsomnia4(value, findings))];
  if (isInsomnia5(value)) return [INSOMNIA_5, (findings) => success(readInsomnia5(value, findings))];
  if (isYaak(value)) return [YAAK, (findings) => success(readYaak(value, findings))];
  if (isPostmanEnvironment(value)) {
    return [POSTMAN_ENVIRONMENT, (findings) => success(readPostmanEnvironment(value, findings))];
  }
  const collection = postmanCollection(value);
  return collection === null ? null : [POSTMAN, (findings) => success(readPostman(collection, findings))];
}

/**
 * Presets and environments of an export, a bundle or a pasted command line, and what of it was not understood.
 * @param fileName for messages; empty for text that was pasted
 * @returns error `bad-import` that says what is wrong, with line and column where there are some
 */
export function lookAtImport(text: string, fileName = ''): Outcome<Look> {
  const name = fileName === '' ? 'The text' : fileName;
  const content = text.replace(/^\u{feff}/u, '');
  if (content.trim() === '') return bad(`${name} is empty.`);
  if (content.length > IMPORT_BYTES)
    return bad(`${name} has more than ${IMPORT_BYTES} characters.`, 'Export it in parts.');
  if (isCommandLine(content)) return success(readCommandLine(content));
  const values = valuesOf(content);
  if (!values.ok) return values;
  const reader = readerOf(values.value, fileName);
  if (reader === null) return bad(`${name} is no export that is understood.`);
  const [kind, read] = reader;
  const findings = new Findings();
  const imported = read(findings);
  return imported.ok ? success(findings.look(kind, imported.value)) : imported;
}

/**
 * The text of a file: UTF-8, or UTF-16 where it says so by its first bytes (Unicode §23.8).
 * @returns error `bad-import` when it is something else
 */
export function importText(bytes: Uint8Array): Outcome<string> {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return success(new TextDecoder(encoding, { fatal: true }).decode(bytes));
  } catch {
    return bad(`The file is no text in ${encoding.toUpperCase()}.`, 'Save it as UTF-8.');
  }
}
