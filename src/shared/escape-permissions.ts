/**
 * What escape sequences of a peer may do beyond drawing into the grid of the terminal. All of it is off unless a person
 * has allowed it for the session.
 *
 *   title      names the tab (OSC 0, 1, 2; CSI 22 t, 23 t)
 *   clipboard  puts text on the clipboard (OSC 52). What is on it is never told
 *   links      makes text a link (OSC 8), which still asks before it opens anything
 *   reports    gets answers, and hears of the mouse and of focus: bytes leave that nobody has typed
 *   window     changes how the terminal looks (OSC 4, 10 to 12 and their resets)
 */
export const escapeGroups = ['title', 'clipboard', 'links', 'reports', 'window'] as const;

export type EscapeGroup = (typeof escapeGroups)[number];
export type EscapePermissions = Readonly<Record<EscapeGroup, boolean>>;

/** How each session begins. */
export const nothingAllowed: EscapePermissions = {
  title: false,
  clipboard: false,
  links: false,
  reports: false,
  window: false,
};
