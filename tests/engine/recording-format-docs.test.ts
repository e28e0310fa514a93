import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRecording, hexDump } from '../support/example-recording.ts';
import { madeKinds, madeRecord, makeRecording, spread } from '../support/made-recording.ts';

const doc = readFileSync(new URL('../../docs/recording-format.md', import.meta.url), 'utf8');

/** What stands in the doc between fences of a language. */
function fenced(language: string): string[] {
  return [...doc.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'gm'))].map(([, text]) => text ?? '');
}

describe('docs/recording-format.md', () => {
  it('shows the bytes that the writer writes', async () => {
    const files = await exampleRecording();
    expect([...files.keys()]).toEqual(['000001.wbr', 'index.wbx']);
    expect(fenced('hex')).toEqual([...files.values()].map(hexDump));
  });
});

const python = spawnSync('python3', ['--version']).status === 0;

describe.skipIf(!python)('the reader in docs/recording-format.md', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wirebench-format-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds in a recording what Wirebench finds, also behind a damaged block', () => {
    const records = Array.from({ length: 60 }, (_, seq) => madeRecord(seq, seq % 9 === 0 ? 500 : 0));
    for (const { name, bytes } of makeRecording({ segments: spread(records, 4, 5) })) {
      // The second block of the second segment: records 24 to 27.
      const second = Buffer.from(bytes).indexOf('WBBK', Buffer.from(bytes).indexOf('WBBK') + 1);
      if (name === '000002.wbr') bytes.fill(0xff, second + 70, second + 75);
      writeFileSync(join(folder, name), bytes);
    }
    const script = join(folder, 'read.py');
    writeFileSync(script, fenced('python').join('\n'));
    const { stdout, stderr, status } = spawnSync('python3', [script, folder], { encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const found: unknown[] = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(found).toEqual(
      records
        .filter(({ seq }) => seq < 24 || seq > 27)
        .map(({ seq, time, peer, kind, direction, meta, payload }) => {
          return {
            seq,
            time,
            peer,
            kind: madeKinds[kind],
            direction,
            meta,
            payload: Buffer.from(payload).toString('hex'),
          };
        }),
    );
  });
});
