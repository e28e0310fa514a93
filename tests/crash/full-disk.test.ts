/**
 * A disk of 16 MiB that is full, and then has space again. As root, or where
 * the system lets anybody mount in a namespace of their own (user_namespaces(7)),
 * that is a real file system; elsewhere a limit in front of the files, and the
 * test says so.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

const run = promisify(execFile);

const reportSchema = z.object({
  errno: z.string(),
  code: z.string(),
  hint: z.string(),
  wasBehind: z.boolean(),
  messages: z.number(),
  kept: z.number(),
  isAscending: z.boolean(),
  lostRecords: z.number(),
  gaps: z.array(z.object({ count: z.number(), bytes: z.number(), reason: z.string() })),
  notes: z.array(z.string()),
});

const isRoot = process.getuid?.() === 0;
const namespace = isRoot ? ['--mount'] : ['--user', '--map-root-user', '--mount'];

let folder = '';
let canMount = false;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wirebench-full-'));
  try {
    await run('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'none', folder]);
    canMount = true;
  } catch (problem) {
    const why = problem instanceof Error ? problem.message.trim() : String(problem);
    process.stderr.write(
      `No file system can be mounted here, so the full disk is a limit in front of the files: ${why}\n`,
    );
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function fill(whenBehind: 'pause' | 'drop'): Promise<z.infer<typeof reportSchema>> {
  const program = join(import.meta.dirname, 'full-disk.ts');
  const node = [process.execPath, '--experimental-strip-types', '--no-warnings', program];
  const target = await mkdtemp(join(folder, 'disk-'));
  const [command = '', ...args] = canMount
    ? ['unshare', ...namespace, ...node, 'mount', target, whenBehind]
    : [...node, 'limit', target, whenBehind];
  const { stdout } = await run(command, args);
  return reportSchema.parse(JSON.parse(stdout));
}

describe('a full disk, and then space again', () => {
  it('stops reading, says why, and has every message in the end', async () => {
    const { messages, ...report } = await fill('pause');
    expect(report).toMatchObject({ errno: 'ENOSPC', code: 'disk-full', wasBehind: true, isAscending: true });
    expect(report.hint).not.toBe('');
    expect(report).toMatchObject({ kept: messages, lostRecords: 0, gaps: [] });
    expect(report.notes.some((note) => note.startsWith('Reading paused') && note.includes('ENOSPC'))).toBe(true);
    expect(report.notes.some((note) => note.startsWith('Reading resumed'))).toBe(true);
  });

  it('drops and counts when it was told to, with a row for each gap', async () => {
    const { messages, ...report } = await fill('drop');
    expect(report).toMatchObject({ errno: 'ENOSPC', code: 'disk-full', isAscending: true });
    expect(report.lostRecords).toBeGreaterThan(0);
    expect(report.kept + report.lostRecords).toBe(messages);
    expect(report.gaps.reduce((sum, { count }) => sum + count, 0)).toBe(report.lostRecords);
    expect(report.gaps.some(({ reason }) => reason === 'disk-error')).toBe(true);
  });
});
