import { describe, expect, it } from 'vitest';
import { rowsText } from '../../src/engine/export/rows-text.ts';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import type { Params, Result } from '../../src/shared/contract.ts';
import { success } from '../../src/shared/errors.ts';
import { COPY_BYTES, COPY_PREVIEW_BYTES, ROW_PREVIEW_BYTES } from '../../src/shared/limits.ts';
import { engineBench } from '../support/engine-bench.ts';
import { CONNECT, DATA, info } from '../support/exported.ts';
import { errorOf, turn, valueOf } from '../support/outcome.ts';

function recordingOf(...payloads: readonly (string | Uint8Array | null)[]): MemoryRecording {
  const recording = new MemoryRecording();
  for (const payload of payloads) {
    if (payload === null) recording.append(CONNECT, 0, 0, 1, null, { local: 'a', remote: 'b' });
    else recording.append(DATA, 1, 0, 1, typeof payload === 'string' ? Buffer.from(payload) : payload, null);
  }
  return recording;
}

async function textOf(
  recording: MemoryRecording,
  as: Params<'rows.text'>['as'],
  from = 0,
  count = Number.MAX_SAFE_INTEGER - from,
  preview = COPY_PREVIEW_BYTES,
): Promise<Result<'rows.text'>> {
  const read = async (row: number, rows: number) => success(await recording.read(row, rows, preview));
  const source = { info: { ...info, filter: '', peer: null }, recording, read };
  return valueOf(await rowsText(source, { from, count, as }));
}

describe('rows as text', () => {
  it('come in each form', async () => {
    const recording = recordingOf(null, 'hello', Uint8Array.of(0xff));
    expect(await textOf(recording, 'payload')).toEqual({ text: 'hello\n\\xff', rows: 3, isCut: false });
    expect(await textOf(recording, 'hex')).toEqual({ text: '68 65 6c 6c 6f\nff', rows: 3, isCut: false });
    expect((await textOf(recording, 'text')).text).toMatch(/^ +0 .* connect .* a → b\n +1 .* hello\n +2 .*\\xff\n$/);
    const { text } = await textOf(recording, 'jsonl');
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([{ kind: 'connect' }, { text: 'hello' }, { base64: '/w==' }]);
  });

  it('are those that are asked for, as far as they are there', async () => {
    const recording = recordingOf(...Array.from({ length: 1000 }, (_, index) => `${index}`));
    expect(await textOf(recording, 'payload', 300, 3)).toEqual({ text: '300\n301\n302', rows: 3, isCut: false });
    expect(await textOf(recording, 'payload', 998, 50)).toEqual({ text: '998\n999', rows: 2, isCut: false });
    expect(await textOf(recording, 'payload', 5000, 50)).toEqual({ text: '', rows: 0, isCut: false });
    expect((await textOf(recording, 'payload')).rows).toBe(1000);
  });

  it('have their whole payloads, longer than any preview', async () => {
    const long = '한글 '.repeat(300_000);
    const recording = recordingOf('before', long, 'behind');
    for (const preview of [ROW_PREVIEW_BYTES, COPY_PREVIEW_BYTES]) {
      expect((await textOf(recording, 'payload', 0, 10, preview)).text).toBe(`before\n${long}\nbehind`);
    }
  });

  it('are cut behind the last one that fits, and say so', async () => {
    const recording = new MemoryRecording(1024 * 1024, 64 * 1024 * 1024);
    const payload = Buffer.alloc(1024 * 1024, 'x');
    for (let index = 0; index < 20; index += 1) recording.append(DATA, 1, 0, 1, payload, null);
    const { text, rows, isCut } = await textOf(recording, 'payload');
    expect({ rows, isCut, length: text.length }).toEqual({ rows: 15, isCut: true, length: 15 * 1024 * 1024 + 14 });
  });

  it('are cut within the first only when it is too long by itself, and between characters', async () => {
    const recording = new MemoryRecording(1024 * 1024, 64 * 1024 * 1024);
    recording.append(DATA, 1, 0, 1, Buffer.from(`x${'한'.repeat(6_000_000)}`), null);
    recording.append(DATA, 1, 0, 1, Buffer.from('more'), null);
    const { text, rows, isCut } = await textOf(recording, 'payload');
    expect({ rows, isCut }).toEqual({ rows: 1, isCut: true });
    expect(/^x한+$/.test(text)).toBe(true);
    expect(Buffer.byteLength(text)).toBe(COPY_BYTES);
    const hex = await textOf(recording, 'hex');
    expect({ rows: hex.rows, isCut: hex.isCut, length: hex.text.length }).toEqual({
      rows: 1,
      isCut: true,
      length: COPY_BYTES,
    });
  });

  it('say what is no longer kept', async () => {
    const recording = new MemoryRecording(1024, 2048);
    for (let index = 0; index < 100; index += 1) recording.append(DATA, 1, 0, 1, Buffer.from(`${index}`), null);
    const { text, rows } = await textOf(recording, 'text');
    expect(text).toMatch(/^ +\d+ +0\.000000 {2}· gap +\d+ records, .* are not kept/);
    expect(rows).toBe(recording.rows.end - recording.rows.first);
  });
});

describe('a window', () => {
  const config = { protocol: 'scripted', address: 'here', options: {} };

  it('copies rows of a session, and of a view', async () => {
    const { connect, driver, dispose } = engineBench();
    const client = connect();
    const { session } = valueOf(await client.call('session.create', { config }));
    valueOf(await client.call('session.open', { session, config }));
    const peer = driver.last.connect();
    for (const text of ['one', 'two', 'three']) driver.last.receive(peer, text);
    const { view } = valueOf(await client.call('view.open', { session, filter: 't', peer: null }));
    const all = { session, view: null, from: 0, count: 1000, as: 'payload' } as const;
    expect(valueOf(await client.call('rows.text', all)).text).toBe('one\ntwo\nthree');
    const copied = async (): Promise<string> => valueOf(await client.call('rows.text', { ...all, view })).text;
    for (let turns = 0; turns < 20_000 && (await copied()) !== 'two\nthree'; turns += 1) await turn();
    expect(await copied()).toBe('two\nthree');
    expect(errorOf(await client.call('rows.text', { ...all, view: 99 })).code).toBe('not-found');
    expect(errorOf(await client.call('export.cancel', { export: 1 })).code).toBe('not-found');
    expect(errorOf(await client.call('export.reveal', { export: 1 })).code).toBe('not-found');
    await dispose();
  });
});
