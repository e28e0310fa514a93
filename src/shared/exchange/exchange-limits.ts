/** Limits of what is imported and of how it is told of, each with its reason. */

/** Presets of one import: what a person exports from another tool has hundreds. */
export const IMPORT_PRESETS = 10_000;

/** Environments of one import; each may have VARIABLES. */
export const IMPORT_ENVIRONMENTS = 200;

/** Things that are listed as not understood, one by one; of the others, their number is told. */
export const IMPORT_LEFT = 1000;

/** Characters of one such line: it is read by a person. */
export const IMPORT_LEFT_CHARACTERS = 300;

/** Folders in folders that an import follows, and levels of variables in variables: above what any of the tools shows. */
export const IMPORT_DEPTH = 24;

/** Largest YAML that is read, in characters: its parser takes a second for a million, so larger exports are read as JSON only. */
export const IMPORT_YAML_CHARACTERS = 8 * 1024 * 1024;

/** Longest command line, in characters: what a shell takes, and far more than anybody pastes. */
export const COMMAND_CHARACTERS = 128 * 1024;

/** Up to this, an import is looked at at once; longer ones in a thread of their own, so that sockets do not wait for it. */
export const IMPORT_INLINE_CHARACTERS = 64 * 1024;

/** Longest time that an import may take to look at: eight million characters of YAML take a third of it on a slow machine. */
export const IMPORT_LOOK_MS = 60_000;

/** Memory of that thread, in MiB: thirty times the largest import that is read as JSON. */
export const IMPORT_MEMORY_MIB = 1024;
