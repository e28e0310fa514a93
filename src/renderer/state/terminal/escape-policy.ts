/**
 * Escape sequences from a peer are data: they draw into the grid, and have no other effect unless it is allowed for the
 * session. xterm.js answers and acts by itself, so that what is not allowed is stopped in its parser, before it knows.
 *
 * What stays: cursor, colours, erasing, scrolling, character sets, the alternate screen, and modes that only change what
 * the person's own keys send (application cursor keys and keypad, bracketed paste), which `top` and editors need.
 * Nothing listens to the bell, so that it makes no noise. Sources: xterm's ctlseqs, ECMA-48, DEC STD 070.
 */
import type { IDisposable, IFunctionIdentifier, IParser, ITerminalOptions } from '@xterm/xterm';
import type { EscapeGroup, EscapePermissions } from '../../../shared/escape-permissions.ts';
import { clipboardText } from './osc-clipboard.ts';

type Params = readonly (number | number[])[];

/** What of xterm.js this needs. */
export interface PolicedTerminal {
  readonly parser: IParser;
  readonly options: Pick<ITerminalOptions, 'windowOptions'>;
}

export interface EscapeEffects {
  /** Asked at each sequence, so that a change holds from then on. */
  readonly allow: () => EscapePermissions;
  /** Puts text on the clipboard, when that is allowed. xterm.js does nothing of the kind by itself. */
  readonly writeClipboard?: (text: string) => void;
  /** Hears of what was stopped. */
  readonly stopped?: (group: EscapeGroup) => void;
}

/** To be written into the terminal when reports are not allowed any longer: nobody hears of mouse and focus any more. */
export const WITHDRAW_REPORTS = '\x1b[?9;1000;1001;1002;1003;1004;1005;1006;1015;1016;2031;2048l';

/**
 * Modes by which bytes leave that nobody typed: mouse (9, 1000 to 1003 and their encodings), focus (1004), changes of
 * colours (2031) and of size (2048).
 */
const reportingModes: ReadonlySet<number> = new Set([
  9, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 2031, 2048,
]);

/** 132 columns (3), and what a bell does to the window (1042, 1043). */
const windowModes: ReadonlySet<number> = new Set([3, 1042, 1043]);

/** Sequences that ask for an answer, whatever their parameters. Some are unknown to xterm.js today. */
const questions: readonly IFunctionIdentifier[] = [
  { final: 'c' }, // DA1
  { prefix: '>', final: 'c' }, // DA2
  { prefix: '=', final: 'c' }, // DA3
  { final: 'n' }, // DSR, CPR
  { prefix: '?', final: 'n' }, // DSR of DEC
  { intermediates: '$', final: 'p' }, // DECRQM of ANSI modes
  { prefix: '?', intermediates: '$', final: 'p' }, // DECRQM of DEC modes
  { final: 'x' }, // DECREQTPARM
  { prefix: '>', final: 'q' }, // XTVERSION
  { prefix: '?', final: 'S' }, // XTSMGRAPHICS
  { prefix: '?', final: 'm' }, // XTQMODKEYS
  { prefix: '?', final: 'u' }, // keyboard protocol
  { intermediates: '$', final: 'w' }, // DECRQPSR
  { intermediates: '$', final: 'u' }, // DECRQTSR
  { intermediates: '&', final: 'u' }, // DECRQUPSS
  { intermediates: '*', final: 'y' }, // DECRQCRA
  { intermediates: '"', final: 'v' }, // DECRQDE
  { intermediates: '#', final: 'R' }, // XTREPORTCOLORS
  { intermediates: '#', final: '|' }, // XTREPORTSGR
  { intermediates: "'", final: 'z' }, // DECELR
  { intermediates: "'", final: '{' }, // DECSLE
  { intermediates: "'", final: '|' }, // DECRQLP
];

/** DECRQSS, XTGETTCAP, and keys (DECUDK) and macros (DECDMAC) that would send what the peer has put there. */
const askingStrings: readonly IFunctionIdentifier[] = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
  { final: '|' },
  { intermediates: '!', final: 'z' },
];

/** XTSMTITLE and XTRMTITLE. */
const titleModes: readonly IFunctionIdentifier[] = [
  { prefix: '>', final: 't' },
  { prefix: '>', final: 'T' },
];

/** Media copy, which prints. */
const windowSequences: readonly IFunctionIdentifier[] = [{ final: 'i' }, { prefix: '?', final: 'i' }];

/** Colours of the palette, of text, background and cursor, and their resets. */
const colours = [4, 5, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
const colourResets = [104, 105, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119];

/** The group of one of the window operations (CSI … t): 11 to 21 report, 22 and 23 keep titles, the rest moves windows. */
function windowOperation(params: Params): EscapeGroup {
  const operation = params[0];
  if (typeof operation !== 'number') return 'window';
  if (operation >= 11 && operation <= 21) return 'reports';
  return operation === 22 || operation === 23 ? 'title' : 'window';
}

/** What setting these modes needs. One of them is enough: a handler can leave all of a sequence to xterm.js, or none. */
function modeGroup(params: Params): EscapeGroup | null {
  const has = (modes: ReadonlySet<number>): boolean =>
    params.some((mode) => typeof mode === 'number' && modes.has(mode));
  if (has(reportingModes)) return 'reports';
  return has(windowModes) ? 'window' : null;
}

/** Stops in the terminal's parser what is not allowed. @returns what takes it away again */
export function installEscapePolicy(terminal: PolicedTerminal, effects: EscapeEffects): IDisposable {
  const { parser } = terminal;
  /** True: the sequence has been dealt with, xterm.js does not see it. */
  const isStopped = (...groups: readonly EscapeGroup[]): boolean => {
    const allow = effects.allow();
    const missing = groups.find((group) => !allow[group]);
    if (missing === undefined) return false;
    effects.stopped?.(missing);
    return true;
  };
  const windowOptions = terminal.options.windowOptions ?? {};
  // The handler below decides at each of them. Moving and resizing windows stays off: xterm.js has none.
  terminal.options.windowOptions = {
    getWinSizePixels: true,
    getCellSizePixels: true,
    getWinSizeChars: true,
    pushTitle: true,
    popTitle: true,
  };
  const handlers: readonly IDisposable[] = [
    ...questions.map((id) => parser.registerCsiHandler(id, () => isStopped('reports'))),
    ...windowSequences.map((id) => parser.registerCsiHandler(id, () => isStopped('window'))),
    ...titleModes.map((id) => parser.registerCsiHandler(id, () => isStopped('title'))),
    parser.registerCsiHandler({ final: 't' }, (params) => isStopped(windowOperation(params))),
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
      const group = modeGroup(params);
      return group !== null && isStopped(group);
    }),
    ...askingStrings.map((id) => parser.registerDcsHandler(id, () => isStopped('reports'))),
    parser.registerDcsHandler({ intermediates: '+', final: 'p' }, () => isStopped('window')), // XTSETTCAP
    parser.registerEscHandler({ final: 'Z' }, () => isStopped('reports')), // DECID
    ...[0, 1, 2].map((id) => parser.registerOscHandler(id, () => isStopped('title'))),
    ...colours.map((id) =>
      // One sequence may ask for some colours and set others.
      parser.registerOscHandler(id, (data) => {
        const slots = id < 10 ? data.split(';').filter((_, at) => at % 2 === 1) : data.split(';');
        const asks = slots.some((slot) => slot === '?');
        const sets = slots.some((slot) => slot !== '?');
        return isStopped(...(asks ? ['reports' as const] : []), ...(sets ? ['window' as const] : []));
      }),
    ),
    ...colourResets.map((id) => parser.registerOscHandler(id, () => isStopped('window'))),
    parser.registerOscHandler(8, () => isStopped('links')),
    parser.registerOscHandler(52, (data) => {
      if (isStopped('clipboard')) return true;
      const text = clipboardText(data);
      if (text !== null) effects.writeClipboard?.(text);
      return true;
    }),
  ];
  return {
    dispose: () => {
      for (const handler of handlers) handler.dispose();
      terminal.options.windowOptions = windowOptions;
    },
  };
}
