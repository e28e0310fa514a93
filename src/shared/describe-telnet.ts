/** What the rows of Telnet's negotiation say: `DO NAWS`, `SB NAWS 80 × 24`, `WILL 99`. */
import { metaCount, metaText } from './meta-text.ts';
import type { Meta } from './record.ts';

/** What an option does, in a few words, for those that are met every day. */
const meanings: Readonly<Record<string, string>> = {
  BINARY: 'eight bits, no line ends of its own',
  ECHO: 'what comes is sent back',
  'SUPPRESS-GO-AHEAD': 'both may send at any time',
  STATUS: 'tells what is negotiated',
  'TIMING-MARK': 'says when all before it is done',
  'TERMINAL-TYPE': 'name of the terminal',
  NAWS: 'size of the window',
  'TERMINAL-SPEED': 'speed of the line',
  'TOGGLE-FLOW-CONTROL': 'XON and XOFF',
  LINEMODE: 'lines are edited before they are sent',
  'X-DISPLAY-LOCATION': 'display of X',
  'NEW-ENVIRON': 'variables of the environment',
};

const commands: Readonly<Record<string, string>> = {
  NOP: 'nothing to do',
  DM: 'the urgent data ends here',
  BRK: 'break key',
  IP: 'interrupt the program',
  AO: 'throw away its output',
  AYT: 'are you there?',
  EC: 'erase a character',
  EL: 'erase a line',
  GA: 'go ahead',
};

function withMeaning(name: string, meaning: string | undefined): string {
  return meaning === undefined ? name : `${name} · ${meaning}`;
}

export function describeTelnet(meta: Meta): string {
  if (meta.left !== undefined) {
    const more = metaCount(meta, 'left', 'more command', 'more commands');
    return `${more} of the same read, not shown one by one; the bytes are in the row before`;
  }
  const verb = metaText(meta, 'verb');
  const option = metaText(meta, 'option');
  if (option === '') return withMeaning(verb, commands[verb]);
  if (verb !== 'SB') return withMeaning(`${verb} ${option}`, meanings[option]);
  const size = meta.columns === undefined ? '' : ` ${metaText(meta, 'columns')} × ${metaText(meta, 'rows')}`;
  const value = meta.value === undefined ? '' : ` ${metaText(meta, 'value')}`;
  const length = meta.bytes === undefined ? '' : ` ${metaText(meta, 'bytes')} B`;
  return `SB ${option}${size}${value}${length}${meta.unfinished === true ? ' · without an end' : ''}`;
}
