/** JSON Lines as a program that we did not write reads them: python3 with its `json` module. */
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryRecording } from '../../src/engine/memory-recording.ts';
import { CONNECT, DATA, ExportBench, kinds } from '../support/exported.ts';
import { Program } from './program.ts';

/** Says of each line what python understood; and that it sees the same lines in whatever way it splits them. */
const reader = `
import base64, hashlib, json, sys
raw = open(sys.argv[1], 'rb').read()
text = raw.decode('utf-8')
lines = list(open(sys.argv[1], encoding='utf-8', newline='\\n'))
assert len(lines) == len(text.splitlines()) == len(raw.splitlines()), 'lines differ'
head = json.loads(lines[0])
assert head['format'] == 'wirebench-jsonl' and head['version'] == 1, head
for line in lines[1:]:
    record = json.loads(line)
    payload = record['text'].encode('utf-8') if 'text' in record else base64.b64decode(record.get('base64', ''), validate=True)
    assert len(payload) == record['length'], record['seq']
    print(record['seq'], record['ns'], record['peer'], record['direction'], record['kind'], hashlib.sha256(payload).hexdigest(), json.dumps(record.get('meta'), sort_keys=True))
`;

const directions = ['none', 'in', 'out'];

describe('python', () => {
  it('reads every record of an export: text, bytes, events and every character there is', async () => {
    const recording = new MemoryRecording();
    const wanted: string[] = [];
    const add = (
      kind: number,
      direction: number,
      payload: Buffer,
      meta: Record<string, string | number> | null,
    ): void => {
      const seq = recording.append(kind, direction, wanted.length * 1_000_001, wanted.length, payload, meta);
      const hash = createHash('sha256').update(payload).digest('hex');
      const ns = wanted.length * 1_000_001;
      const said = meta === null ? 'null' : JSON.stringify(meta).replaceAll(':', ': ').replaceAll(',', ', ');
      wanted.push(`${seq} ${ns} ${wanted.length} ${directions[direction] ?? ''} ${kinds[kind] ?? ''} ${hash} ${said}`);
    };
    add(CONNECT, 0, Buffer.alloc(0), { count: 12, local: 'here' });
    // All code points, surrogates left out: they are no characters of UTF-8.
    for (let first = 0; first < 0x110000; first += 0x1000) {
      if (first >= 0xd800 && first < 0xe000) continue;
      const codes = Array.from({ length: 0x1000 }, (_, index) => first + index);
      const text = codes.filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code));
      add(DATA, 1 + (first & 1), Buffer.from(text.join('')), null);
    }
    for (let size = 0; size < 300; size += 7) add(DATA, 2, randomBytes(size), null);
    add(DATA, 1, randomBytes(1_000_000), null);

    const bench = await ExportBench.make();
    try {
      expect(await bench.run(recording)).toMatchObject({ state: 'done', records: wanted.length });
      const python = await Program.start('python3', ['-B', '-c', reader, bench.path()]);
      await python.exited();
      expect(python.said).toBe('');
      expect(python.wrote.trimEnd().split('\n')).toEqual(wanted);
    } finally {
      await bench.dispose();
    }
  });
});
