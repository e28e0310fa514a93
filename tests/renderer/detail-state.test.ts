import { describe, expect, it, vi } from 'vitest';
import { Detail } from '../../src/renderer/state/detail.svelte.ts';
import { PayloadReader } from '../../src/renderer/state/payload-reader.svelte.ts';
import {
  JSON_SHOWN_BYTES,
  PAYLOAD_PART_BYTES,
  PAYLOAD_PARTS_KEPT,
  PAYLOAD_PER_CALL,
  TEXT_SHOWN_BYTES,
} from '../../src/shared/limits.ts';
import { failure, success } from '../../src/shared/errors.ts';
import { decodeRecord, encodeRecord, type RecordView } from '../../src/shared/record.ts';
import { plainText } from '../../src/renderer/format/preview.ts';
import { dataRow, eventRow, FakeClient, fakeKinds, settled, type FakeRow } from '../support/fake-client.ts';
import { FakeCalls } from '../support/fake-calls.ts';

function recordOf(row: FakeRow, include = 320): RecordView {
  const decoded = decodeRecord(encodeRecord(row.head, row.meta, row.payload, include), 0);
  if (decoded === null) throw new Error('not a record');
  return decoded.record;
}

function setup(row: FakeRow): { client: FakeClient; detail: Detail; record: RecordView } {
  const client = new FakeClient({ end: 10, row: () => row });
  const detail = new Detail({ client, session: () => client.session, kinds: () => fakeKinds });
  return { client, detail, record: recordOf(row) };
}

const shownText = (detail: Detail): string => plainText(detail.text.parts);

describe('Detail', () => {
  it('shows a short payload from the row itself, without a call', async () => {
    const { client, detail, record } = setup(dataRow(3, 'hello\r\nworld\n'));
    detail.show(record);
    await settled();
    expect(shownText(detail)).toBe('hello\\r\\n\nworld\\n\n');
    expect(client.payloadCalls).toHaveLength(0);
  });

  it('reads a long payload, 256 KiB of text at first and more on request', async () => {
    const { client, detail, record } = setup(dataRow(3, 'a'.repeat(2 * TEXT_SHOWN_BYTES + 5)));
    detail.show(record);
    expect(detail.text.waiting).toBe(true);
    await settled();
    expect(detail.text.shown).toBe(TEXT_SHOWN_BYTES);
    detail.showMoreText();
    await settled();
    expect(detail.text.shown).toBe(2 * TEXT_SHOWN_BYTES);
    detail.showMoreText();
    await settled();
    expect([detail.text.shown, detail.text.waiting]).toEqual([2 * TEXT_SHOWN_BYTES + 5, false]);
    for (const call of client.payloadCalls) expect(call.length).toBeLessThanOrEqual(PAYLOAD_PER_CALL);
  });

  it('reads only the first part for Hex', async () => {
    const { client, detail, record } = setup(dataRow(3, 'a'.repeat(1_000_000)));
    detail.tab = 'Hex';
    detail.show(record);
    await settled();
    expect(client.payloadCalls).toEqual([{ session: client.session, seq: 3, offset: 0, length: PAYLOAD_PART_BYTES }]);
    expect(detail.payload.byteAt(0)).toBe(0x61);
    expect(detail.payload.byteAt(PAYLOAD_PART_BYTES)).toBeNull();
  });

  it('shows the newest record when answers are slow', async () => {
    const client = new FakeClient({ end: 10, row: (seq) => dataRow(seq, String(seq).repeat(1000)) });
    const detail = new Detail({ client, session: () => client.session, kinds: () => fakeKinds });
    client.hold();
    for (const seq of [1, 2, 3]) detail.show(recordOf(dataRow(seq, String(seq).repeat(1000))));
    await client.releaseAll();
    expect(shownText(detail)).toBe('3'.repeat(1000));
  });

  it('does nothing when the same record is shown again', async () => {
    const { client, detail, record } = setup(dataRow(3, 'a'.repeat(5_000)));
    detail.show(record);
    await settled();
    detail.moveTo(40, false);
    detail.show({ ...record });
    await settled();
    expect(client.payloadCalls).toHaveLength(1);
    expect(detail.caret).toBe(40);
  });

  it('says that a payload is gone', async () => {
    const { client, detail, record } = setup(dataRow(3, 'a'.repeat(5_000)));
    client.isGone = true;
    detail.show(record);
    await settled();
    expect(detail.error?.code).toBe('gone');
    expect(detail.json).toBeNull();
  });

  it('has no payload for an event', () => {
    const { client, detail, record } = setup(eventRow(2, 'connect', { local: '127.0.0.1:1' }));
    detail.show(record);
    expect(detail.kind).toBe('connect');
    expect(client.payloadCalls).toHaveLength(0);
    expect(detail.text.parts).toEqual([]);
  });

  it('lays out JSON, and says in words why something is none', async () => {
    const { detail, record } = setup(dataRow(3, '{"a":1}'));
    detail.show(record);
    expect(detail.json).toMatchObject({ ok: true, documents: 1 });
    detail.show(recordOf(dataRow(4, 'OK 0042\r\n')));
    expect(detail.json).toMatchObject({ ok: false, reason: expect.stringMatching(/^Not JSON: /) as unknown });
    detail.show(recordOf({ ...dataRow(5), payload: Uint8Array.of(0x22, 0xff, 0x22) }));
    expect(detail.json).toEqual({ ok: false, reason: 'Not JSON: the bytes are not UTF-8 text.' });
    detail.show(recordOf({ ...dataRow(6), payload: new Uint8Array(JSON_SHOWN_BYTES + 1) }));
    expect(detail.json).toMatchObject({ ok: false, reason: expect.stringContaining('too much') as unknown });
    await settled();
  });

  it('shows text with very many escapes as plain text', () => {
    const { detail, record } = setup(dataRow(3, 'a\x01'.repeat(150)));
    detail.show(record);
    expect(detail.text.parts.length).toBeGreaterThan(100);
    const many = dataRow(4, 'a\x01'.repeat(9_000));
    detail.show(recordOf(many, many.payload.length));
    expect(detail.text.parts).toHaveLength(1);
    expect(shownText(detail).startsWith('a\\x01a\\x01')).toBe(true);
  });

  it('selects bytes, also backwards', () => {
    const { detail, record } = setup(dataRow(3, 'hello world'));
    detail.show(record);
    detail.moveTo(6, false);
    detail.moveTo(2, true);
    expect(detail.selection).toEqual({ from: 2, to: 6 });
    detail.moveTo(99, false);
    expect(detail.selection).toEqual({ from: 10, to: 10 });
  });

  it('copies the payload as text or hex, and the selected bytes in Hex', async () => {
    const { detail, record } = setup(dataRow(3, 'hello'));
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined);
    detail.show(record);
    expect(await detail.copy('text')).toEqual({ ok: true, value: '5 B copied as text' });
    await detail.copy('hex');
    detail.tab = 'Hex';
    detail.moveTo(1, false);
    detail.moveTo(2, true);
    await detail.copy('hex');
    expect(write.mock.calls.map(([text]) => text)).toEqual(['hello', '68 65 6c 6c 6f', '65 6c']);
    write.mockRestore();
  });
});

describe('PayloadReader', () => {
  it('keeps a bounded number of parts and reads again what it has forgotten', async () => {
    const total = (PAYLOAD_PARTS_KEPT + 8) * PAYLOAD_PART_BYTES;
    const payload = new Uint8Array(total).map((_, index) => index / PAYLOAD_PART_BYTES);
    const client = new FakeClient({ end: 1, row: () => ({ ...dataRow(0), payload }) });
    const reader = new PayloadReader(client);
    reader.open({ session: client.session, seq: 0, known: payload.subarray(0, 320), total });
    for (let part = 0; part < PAYLOAD_PARTS_KEPT + 8; part += 1) {
      reader.need(part * PAYLOAD_PART_BYTES, part * PAYLOAD_PART_BYTES + 16);
      await settled();
      expect(reader.byteAt(part * PAYLOAD_PART_BYTES + 3)).toBe(part);
    }
    expect(reader.byteAt(0)).toBeNull();
    reader.need(0, 16);
    await settled();
    expect(reader.byteAt(0)).toBe(0);
  });

  it('reads more than it keeps when all of it is looked at, each part once', async () => {
    const total = (PAYLOAD_PARTS_KEPT + 4) * PAYLOAD_PART_BYTES;
    let read = 0;
    const client = new FakeCalls().answer('payload', ({ length }) => {
      read += length;
      // A reader that asks without end is stopped, so that the test fails instead of hanging.
      return read > 2 * total ? failure('gone', 'Read twice.') : success({ total, bytes: new Uint8Array(length) });
    });
    const reader = new PayloadReader(client);
    reader.open({ session: 's1', seq: 0, known: new Uint8Array(0), total });
    for (let shown = TEXT_SHOWN_BYTES; shown < total + TEXT_SHOWN_BYTES; shown += TEXT_SHOWN_BYTES) {
      reader.need(0, shown);
      await settled();
    }
    expect(reader.error).toBeNull();
    expect([reader.bytes(0, total).length, read]).toEqual([total, total]);
  });

  it('joins parts up to the first hole', async () => {
    const total = 3 * PAYLOAD_PART_BYTES;
    const client = new FakeClient({ end: 1, row: () => ({ ...dataRow(0), payload: new Uint8Array(total) }) });
    const reader = new PayloadReader(client);
    reader.open({ session: client.session, seq: 0, known: new Uint8Array(0), total });
    reader.need(0, 10);
    await settled();
    reader.need(2 * PAYLOAD_PART_BYTES, total);
    await settled();
    expect(reader.bytes(0, total).length).toBe(PAYLOAD_PART_BYTES);
    expect(reader.bytes(PAYLOAD_PART_BYTES - 4, PAYLOAD_PART_BYTES).length).toBe(4);
  });
});
