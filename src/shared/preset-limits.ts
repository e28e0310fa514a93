/** Limits of what a workspace folder holds, each with its reason. */

/** Presets, environments and order files of this version are `wirebench: 1`. */
export const PRESET_FORMAT = 1;

/** A preset with long messages, but no file that only pretends to be one. Bytes. */
export const PRESET_BYTES = 4 * 1024 * 1024;

/** Presets that one folder lists; more is somebody else's folder, opened by mistake. */
export const PRESETS_LISTED = 50_000;

/** Folders in folders; deeper is a loop or a mistake. */
export const PRESET_DEPTH = 32;

/** Characters of a name: what file systems take (255 bytes), with room for the suffix, in any script. */
export const PRESET_NAME_CHARACTERS = 200;

/** Characters of a path inside of the workspace. */
export const PRESET_PATH_CHARACTERS = 4096;

/** Saved messages of a preset: more than a person finds anything in. */
export const SAVED_MESSAGES = 1000;

/** Characters of a saved message, which is typed text; larger ones are files. */
export const SAVED_MESSAGE_CHARACTERS = 2 * 1024 * 1024;

/** Variables of an environment. */
export const VARIABLES = 2000;

/** Characters of a variable's name, and of its value: a token or a certificate. */
export const VARIABLE_NAME_CHARACTERS = 100;
export const VARIABLE_VALUE_CHARACTERS = 64 * 1024;

/** Workspace folders that are remembered. */
export const FOLDERS_REMEMBERED = 20;

/** A file of another tool, to import from. Bytes. */
export const IMPORT_BYTES = 32 * 1024 * 1024;

/** Folders of the tree of which the window remembers whether they are open. */
export const TREE_FOLDERS_KEPT = 1000;

/** Up to so many lines the whole tree is open at first: more than that would have to be scrolled. */
export const TREE_OPEN_LINES = 60;

/** Characters between `{{` and `}}`: a name with spaces around it, or a generator with two numbers. Beyond, it is plain text. */
export const PLACEHOLDER_CHARACTERS = VARIABLE_NAME_CHARACTERS + 60;

/** Variables that stand for variables that stand for variables: nobody follows more by hand. */
export const TEMPLATE_DEPTH = 20;

/** Characters that placeholders may be replaced by in one message or opening, those of variables in variables included: as many as the largest message has in hex. */
export const TEMPLATE_CHARACTERS = 32 * 1024 * 1024;

/** Problems of one text that its error names. */
export const TEMPLATE_PROBLEMS = 50;

/** Bytes of one `{{$randomHex n}}`. */
export const RANDOM_HEX_BYTES = 4096;

/** Largest document with the secrets of this machine. */
export const SECRETS_BYTES = 16 * 1024 * 1024;

/** Characters below which a secret is masked only where it stands alone: others would be half of every text. */
export const SHORT_SECRET_CHARACTERS = 4;

/** Pieces of YAML (names, marks, line ends) in one file: twice what the largest preset needs; more takes seconds to read. */
export const YAML_TOKENS = 200_000;

/** Aliases (`*name`) that are followed in one file: finding what one stands for costs a walk through the file. */
export const YAML_ALIASES = 100;

/** Longest name of a file, in bytes of UTF-8: what Linux takes (NAME_MAX); Windows and macOS take at least as much. */
export const FILE_NAME_BYTES = 255;

/** Files and folders that are looked at in a workspace folder: ten for each preset that is listed, in a large repository. */
export const WORKSPACE_ENTRIES = 500_000;

/** Files that are read at once: as many as keep the four threads that Node has for files busy. */
export const PRESETS_READ_AT_ONCE = 16;

/** Files that are not known yet from which on a thread reads them: starting it takes as long as reading some hundreds here. */
export const PRESETS_THREAD_FROM = 500;

/** Files that are checked as YAML before the tree is shown: some tens of ms. Of more, the others are checked after. */
export const PRESETS_CHECKED_FIRST = 200;

/** Longest that checking files may hold the event loop at a time. */
export const PRESETS_SLICE_MS = 6;

/** Age under which the time of a file does not tell whether it has changed: the coarsest of file systems counts in 2 s. */
export const FILE_TIME_MS = 2000;

/** Age of a temporary file after which nobody is writing it any more. */
export const TEMPORARY_FILE_MS = 60 * 60 * 1000;

/** Quiet time after which the folder is read again when something has changed in it: a git pull changes many files. */
export const FOLDER_QUIET_MS = 80;

/** Longest that changes wait for a quiet time. */
export const FOLDER_CHANGES_MS = 800;

/** How often the folder is read again where the system does not tell of changes. */
export const FOLDER_POLL_MS = 4000;

/** Folders that are watched one by one, where the system cannot watch a whole tree: inotify has some thousands for all programs. */
export const FOLDERS_WATCHED = 1000;

/** Age at which what is known of the folder is read anew when somebody asks, because not every disk tells of its changes. */
export const FOLDER_FRESH_MS = 3000;

/** Largest list of remembered folders that is read. */
export const FOLDERS_BYTES = 1024 * 1024;

/** Age of deleted presets that a run which was killed has left: nobody undoes a deletion a week later. */
export const DELETED_KEPT_MS = 7 * 24 * 60 * 60 * 1000;
