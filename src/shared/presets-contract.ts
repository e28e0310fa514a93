/** The part of the contract about the workspace folder: presets, environments, secrets, import and export. */
import { z } from 'zod';
import { environmentSchema, secretStores, variableName } from './environment.ts';
import { PATH_CHARACTERS } from './limits.ts';
import {
  IMPORT_BYTES,
  PRESET_NAME_CHARACTERS,
  PRESET_PATH_CHARACTERS,
  VARIABLE_VALUE_CHARACTERS,
} from './preset-limits.ts';
import { presetSchema } from './preset.ts';
import { count, nothing, wireErrorSchema } from './schemas.ts';

/** Inside of the workspace, parts divided by `/`; empty is the workspace itself. */
const place = z.string().max(PRESET_PATH_CHARACTERS);
/** Which content a file has: another content has another revision. */
const revision = z.string().max(80);
const name = z.string().min(1).max(PRESET_NAME_CHARACTERS);

const folder = z.object({ path: z.string(), name: z.string() });
const openFolder = z.object({
  /** Null while the folder cannot be used; `error` says why. */
  current: folder,
  error: wireErrorSchema.nullable(),
  /** Those opened before, newest first, without the current one. */
  remembered: z.array(folder),
});

/** A line of the tree. Parents come before their children, children in the order of the folder. */
export const presetEntrySchema = z.object({
  path: place,
  type: z.enum(['folder', 'preset', 'broken']),
  name: z.string(),
  /** Of a preset; empty for others. */
  id: z.string(),
  protocol: z.string(),
  address: z.string(),
  revision,
  /** Of a broken file: what is wrong, with line and column. */
  error: wireErrorSchema.nullable(),
});
export type PresetEntry = z.infer<typeof presetEntrySchema>;

const environmentEntry = z.object({
  path: place,
  environment: environmentSchema.nullable(),
  revision,
  error: wireErrorSchema.nullable(),
  /** Names of secrets that have a value on this machine. */
  known: z.array(z.string()),
});
export type EnvironmentEntry = z.infer<typeof environmentEntry>;

/** What to import: a file, or text that was pasted (a command line, the content of a file). */
const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('file'), path: z.string().min(1).max(PATH_CHARACTERS) }),
  z.strictObject({ type: z.literal('text'), text: z.string().max(IMPORT_BYTES) }),
]);

const savedAs = z.object({ path: place, revision });

export const presetMethods = {
  /** The workspace folder. A default one is made on the first start. */
  'folder.current': { params: nothing, result: openFolder },
  /** Opens another folder. The old one stays when that fails. */
  'folder.open': { params: z.strictObject({ path: z.string().min(1).max(PATH_CHARACTERS) }), result: openFolder },
  'folder.forget': { params: z.strictObject({ path: z.string().min(1).max(PATH_CHARACTERS) }), result: openFolder },
  /** Asks for a folder by the system's dialog. */
  'file.chooseFolder': { params: nothing, result: z.object({ path: z.string().nullable() }) },

  /** Everything in the folder. `error`: why it cannot be read; the entries are then those known last. */
  'presets.list': {
    params: nothing,
    result: z.object({ entries: z.array(presetEntrySchema), total: count, error: wireErrorSchema.nullable() }),
  },
  /** Errors `file-not-found`, `bad-preset` (with line and column), `newer-preset`. */
  'presets.read': { params: z.strictObject({ path: place }), result: z.object({ preset: presetSchema, revision }) },
  /**
   * Saves into the file that is there, keeping its comments and what it holds besides. Error `conflict` when the file
   * is not that of `base` any more; `base` null: whatever is there is replaced.
   */
  'presets.save': {
    params: z.strictObject({ path: place, preset: presetSchema, base: revision.nullable() }),
    result: savedAs,
  },
  /** A new file in `folder`, named after the preset; its `id` is kept unless another preset has it. */
  'presets.create': { params: z.strictObject({ folder: place, preset: presetSchema }), result: savedAs },
  'presets.createFolder': { params: z.strictObject({ folder: place, name }), result: z.object({ path: place }) },
  /** Changes the name inside and the name of the file. */
  'presets.rename': { params: z.strictObject({ path: place, name }), result: z.object({ path: place }) },
  /** Into `folder`, before the sibling at `before`, or to its end. */
  'presets.move': {
    params: z.strictObject({ path: place, folder: place, before: place.nullable() }),
    result: z.object({ path: place }),
  },
  'presets.duplicate': { params: z.strictObject({ path: place }), result: z.object({ path: place }) },
  /** Can be undone until the application ends, by `presets.restore`. */
  'presets.delete': { params: z.strictObject({ path: place }), result: z.object({ undo: z.string() }) },
  'presets.restore': { params: z.strictObject({ undo: z.string().max(80) }), result: z.object({ path: place }) },
  'presets.reveal': { params: z.strictObject({ path: place }), result: nothing },

  'environments.list': {
    params: nothing,
    result: z.object({
      /** Variables of the whole workspace, whichever environment is chosen. */
      shared: environmentEntry,
      environments: z.array(environmentEntry),
      /** Path of the chosen one. */
      chosen: place.nullable(),
      /** Where a secret is kept that is set now. The system is asked only when there are secrets: it may want to be unlocked. */
      store: z.enum(secretStores),
      /** Whether the person has accepted the weaker store, where the system has no better one. */
      isWeakAccepted: z.boolean(),
      /** Whether there is a weaker store that could be accepted. */
      hasWeak: z.boolean(),
      /** What a person should know of the secrets, or null: their document was damaged. */
      notice: z.string().nullable(),
    }),
  },
  /** `path` null: a new file; empty: the variables of the workspace. Errors as of `presets.save`. */
  'environments.save': {
    params: z.strictObject({ path: place.nullable(), environment: environmentSchema, base: revision.nullable() }),
    result: savedAs,
  },
  'environments.delete': { params: z.strictObject({ path: place }), result: z.object({ undo: z.string() }) },
  'environments.restore': { params: z.strictObject({ undo: z.string().max(80) }), result: z.object({ path: place }) },
  /** From the next resolving on, also in sessions that are open. */
  'environments.choose': { params: z.strictObject({ path: place.nullable() }), result: nothing },
  /** `path` empty: of the whole workspace. `value` null: forgets it. */
  'secrets.set': {
    params: z.strictObject({
      path: place,
      name: variableName,
      value: z.string().max(VARIABLE_VALUE_CHARACTERS).nullable(),
    }),
    result: nothing,
  },
  'secrets.acceptWeak': { params: z.strictObject({ accept: z.boolean() }), result: nothing },

  /** Looks at what could be imported; nothing is written and nothing runs. Error `bad-import`. */
  'import.look': {
    params: z.strictObject({ source }),
    result: z.object({
      /** What it was taken for: "Postman collection". */
      kind: z.string(),
      presets: z.array(z.object({ folder: place, preset: presetSchema })),
      environments: z.array(environmentSchema),
      /** What was not understood: where it stands and why. */
      left: z.array(z.object({ where: z.string(), why: z.string() })),
    }),
  },
  /** Imports what `import.look` has shown into `folder`. */
  'import.run': {
    params: z.strictObject({ source, folder: place }),
    result: z.object({ paths: z.array(place), environments: z.array(place) }),
  },
  /** A preset or a folder as one file. Secrets are not in it. */
  'presets.export': {
    params: z.strictObject({ path: place, file: z.string().min(1).max(PATH_CHARACTERS) }),
    result: z.object({ presets: count, bytes: count }),
  },
} as const;

export const presetEvents = {
  /** Something in `presets.list` is different now, whoever changed it. Paced. */
  'presets.changed': z.object({}),
  /** Something in `environments.list` is different now. Paced. */
  'environments.changed': z.object({}),
  /** Another folder is open. */
  'folder.changed': z.object({}),
} as const;
