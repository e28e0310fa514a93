/** What can be done in the window by a key, and by the native menu: one list for both. Plain data, for every layer. */

/** Commands that have a key. */
export const keyCommands = [
  { id: 'new', keys: 'Mod+T', label: 'New session' },
  { id: 'close', keys: 'Mod+W', label: 'Close tab' },
  { id: 'reopen', keys: 'Mod+Shift+T', label: 'Reopen closed tab' },
  { id: 'save', keys: 'Mod+S', label: 'Save preset' },
  { id: 'next', keys: 'Ctrl+Tab', label: 'Next tab' },
  { id: 'previous', keys: 'Ctrl+Shift+Tab', label: 'Previous tab' },
  { id: 'address', keys: 'Mod+L', label: 'Go to the address' },
  { id: 'message', keys: 'Mod+M', label: 'Go to the message' },
  { id: 'presets', keys: 'Mod+P', label: 'Search presets' },
  { id: 'find', keys: 'Mod+F', label: 'Filter messages' },
  { id: 'goto', keys: 'Mod+G', label: 'Go to a row number or a time' },
  { id: 'sidebar', keys: 'Mod+B', label: 'Show or hide the sidebar' },
  { id: 'sheet', keys: 'Mod+/', label: 'Keyboard shortcuts' },
] as const;

/** Commands of the menu alone. */
const menuCommands = [
  'openRecording',
  'openFolder',
  'import',
  'toggle',
  'send',
  'export',
  'check',
  'environment',
  'inspectAddress',
  'themeSystem',
  'themeDark',
  'themeLight',
] as const;

export type KeyCommand = (typeof keyCommands)[number]['id'];
export type AppCommand = KeyCommand | (typeof menuCommands)[number];

export const appCommands: readonly AppCommand[] = [...keyCommands.map(({ id }) => id), ...menuCommands];
