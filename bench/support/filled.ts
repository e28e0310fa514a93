/** Recordings with very many messages, for everything that reads. */
import { setImmediate as turn } from 'node:timers/promises';
import { tcpClientSpec } from '../../src/drivers/tcp/spec.ts';
import type { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { directionCode, kindTable } from '../../src/shared/record.ts';
import { recordingIn } from './recording.ts';

const kinds = kindTable(tcpClientSpec.kinds);
const data = kinds.indexOf('data');
const inward = directionCode('in');

/** As 50,000 messages a second would have them. */
const NS_BETWEEN = 20_000;

/** Records between two turns of the event loop: the disk is waited for there. */
const TURN = 1000;
const MOST_WAITING = 16 * 1024 * 1024;

/** Found in every tenth message. */
export const COMMON_LITERAL = 'trade';

/** Found in every hundred-thousandth message. */
export const RARE_LITERAL = 'circuit breaker';
const RARE_EVERY = 100_000;

/** Found in every fiftieth message. */
export const REGEX = 'price":[0-9]+[.]50,"user":"(ada|grace)"';

const users = ['ada', 'grace', 'alan', 'edsger', 'barbara', 'donald', 'tony', 'leslie', 'radia', 'vint'];

/** About 85 bytes of JSON, the same for the same index. */
export function messageOf(index: number): string {
  const event = index % 10 === 3 ? 'trade' : 'quote';
  const price = `${100 + (index % 97)}.${String((index * 10) % 100).padStart(2, '0')}`;
  const user = users[Math.floor(index / 10) % users.length] ?? '';
  const note = index % RARE_EVERY === RARE_EVERY / 2 ? RARE_LITERAL : 'ordinary course';
  return `{"id":${String(index).padStart(9, '0')},"event":"${event}","price":${price},"user":"${user}","note":"${note}"}`;
}

/** Writes messages into a recording. They are made once and used again where there are many: only the number differs. */
export async function fill(recording: DiskRecording, messages: number): Promise<void> {
  const bytes = Array.from({ length: Math.min(messages, RARE_EVERY) }, (_, index) => Buffer.from(messageOf(index)));
  for (let index = 0; index < messages; index += 1) {
    const message = bytes[index % bytes.length];
    if (message === undefined) throw new Error('there are no messages');
    if (index >= RARE_EVERY) message.write(String(index).padStart(9, '0'), 6, 'latin1');
    recording.append(data, inward, index * NS_BETWEEN, 1, message, null);
    if (index % TURN > 0) continue;
    await turn();
    if (recording.state.waiting > MOST_WAITING) await recording.flush();
  }
}

/** @returns the folder of a closed recording with so many messages, within `parent` */
export async function filledRecording(parent: string, messages: number, id: string): Promise<string> {
  const recording = recordingIn(parent, { protocol: 'tcp-client', address: '127.0.0.1:9000', kinds }, undefined, id);
  await fill(recording, messages);
  await recording.flush();
  await recording.close();
  if (recording.totals.lostRecords > 0) throw new Error('the disk is too slow or too small for the recording');
  return `${parent}/${id}`;
}
