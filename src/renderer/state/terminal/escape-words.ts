/** What a person reads where escape sequences are allowed. */
import type { EscapeGroup } from '../../../shared/escape-permissions.ts';

export const escapeWords: Readonly<Record<EscapeGroup, { readonly label: string; readonly help: string }>> = {
  title: { label: 'Name the tab', help: 'OSC 0, 1 and 2: the peer’s title stands beside the name of the tab.' },
  clipboard: {
    label: 'Write the clipboard',
    help: 'OSC 52: the peer puts text on the clipboard. It never gets to know what is on it.',
  },
  links: { label: 'Show links', help: 'OSC 8: text becomes a link. Its address is shown before it is opened.' },
  reports: {
    label: 'Get answers',
    help: 'DA, DSR, DECRQSS, colours, size, mouse and focus: the terminal sends bytes that nobody has typed.',
  },
  window: { label: 'Change colours', help: 'OSC 4 and 10 to 12: the peer replaces colours of the theme.' },
};
