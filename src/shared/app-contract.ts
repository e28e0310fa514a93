/** The part of the contract about the desktop application around the window: its menu, and what comes from outside. */
import { z } from 'zod';
import { appCommands } from './app-commands.ts';
import { HANDOVERS_KEPT, LINK_CHARACTERS } from './app-limits.ts';
import { ADDRESS_CHARACTERS, PATH_CHARACTERS } from './limits.ts';
import { count } from './schemas.ts';

const path = z.string().min(1).max(PATH_CHARACTERS);

/** What was opened with the application. Nothing of it has been looked into. */
const handover = z.discriminatedUnion('type', [
  /** A `.wbr` file. */
  z.object({ type: z.literal('recording'), path }),
  /** A preset or a bundle of presets. */
  z.object({ type: z.literal('preset'), path }),
  /** Another file. */
  z.object({ type: z.literal('other'), path }),
  /** A `wirebench://` link as it came (open-link.ts); of one that is too long its beginning, so that this is said. */
  z.object({ type: z.literal('link'), text: z.string().max(LINK_CHARACTERS + 1) }),
  /** The page had crashed, and was loaded again. */
  z.object({ type: z.literal('recovered'), reason: z.string().max(80) }),
]);
export type Handover = z.infer<typeof handover>;

export const appMethods = {
  /** Everything that has come since it was last asked; each goes to one window, once. Empty where nothing can come. */
  'app.takeHandover': {
    params: z.strictObject({}),
    result: z.object({
      handovers: z.array(handover).max(HANDOVERS_KEPT),
      /** What there was no room for. */
      dropped: count,
    }),
  },
  /**
   * Opens an address in the browser or the mail program of the system, after the person has seen it. `opened` is false
   * when they did not want that. Errors `bad-address` for anything but `https:` and `mailto:`, `not-supported`.
   */
  'app.openAddress': {
    params: z.strictObject({ address: z.string().min(1).max(ADDRESS_CHARACTERS) }),
    result: z.object({ opened: z.boolean() }),
  },
} as const;

export const appEvents = {
  /** Something waits for `app.takeHandover`. */
  'app.handover': z.object({}),
  /** Chosen in the native menu. */
  'app.command': z.object({ command: z.enum(appCommands) }),
} as const;
