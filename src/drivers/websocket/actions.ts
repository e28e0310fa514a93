/** What a person may do to one connection (`connectionActions`), by the id of the action. */
import type { Outcome } from '../../shared/errors.ts';
import type { Options } from '../spec.ts';
import type { Connection } from './connection.ts';
import { OPCODE } from './frame.ts';

/** RFC 6455 §7.4.1 */
const NORMAL_CLOSURE = 1000;

function textOf(values: Options, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value : '';
}

/** @param action one of `connectionActions`. @param values of its fields; those that are missing have their defaults */
export function actOn(connection: Connection, action: string, values: Options): Outcome {
  switch (action) {
    case 'ping':
      return connection.control(OPCODE.ping, textOf(values, 'payload'));
    case 'pong':
      return connection.control(OPCODE.pong, textOf(values, 'payload'));
    case 'holdPongs':
      return connection.holdPongs(true);
    case 'answerPings':
      return connection.holdPongs(false);
    case 'close': {
      const { code } = values;
      return connection.close(typeof code === 'number' ? code : NORMAL_CLOSURE, textOf(values, 'reason'));
    }
    case 'frame':
      return connection.frame(values);
    case 'resetAndDestroy':
      return connection.resetAndDestroy();
    default:
      return connection.terminate();
  }
}
