/** The forms in which a message is typed: shared by drafts (workspace.ts) and by the messages of presets (preset.ts). */

export const composerFormats = ['Text', 'Hex', 'Base64', 'JSON', 'File', 'Frame'] as const;
export type ComposerFormat = (typeof composerFormats)[number];
export const lineEndings = ['none', '\\n', '\\r\\n', '\\r', '\\0'] as const;
export type LineEnding = (typeof lineEndings)[number];
/** Encodings of Node's `socket.write(text, encoding)`. */
export const textEncodings = ['utf8', 'utf16le', 'latin1', 'ascii'] as const;
export type TextEncodingName = (typeof textEncodings)[number];
