import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile, type LogDisk } from '../../src/main/log-file.ts';
import { LOG_BYTES, LOG_ENTRIES_PER_SECOND, LOG_ENTRY_CHARACTERS, LOG_FILES } from '../../src/shared/app-limits.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-log-'));
  path = join(folder, 'logs', 'wirebench.log');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A disk in memory whose n-th operation fails. */
class FailingDisk implements LogDisk {
  readonly files = new Map<string, string>();
  fails = -1;
  #operation = 0;

  #next(): void {
    this.#operation += 1;
    if (this.#operation === this.fails) throw new Error('ENOSPC');
  }

  append(file: string, text: string): void {
    this.#next();
    this.files.set(file, (this.files.get(file) ?? '') + text);
  }

  size(file: string): number {
    this.#next();
    return this.files.get(file)?.length ?? 0;
  }

  rename(from: string, to: string): void {
    this.#next();
    this.files.set(to, this.files.get(from) ?? '');
    this.files.delete(from);
  }

  remove(file: string): void {
    this.#next();
    this.files.delete(file);
  }

  makeFolder(): void {
    this.#next();
  }
}

describe('the log file', () => {
  it('has a line with its time for each entry, and one entry cannot pass for two', () => {
    const log = new LogFile(path, { now: () => Date.UTC(2026, 10, 23) });
    log.write('one');
    log.write('two\n2026-11-23T00:00:00.000Z forged\r\nmore\u001b[2J');
    expect(readFileSync(path, 'utf8')).toBe(
      '2026-11-23T00:00:00.000Z one\n2026-11-23T00:00:00.000Z two\n  2026-11-23T00:00:00.000Z forged\n  more [2J\n',
    );
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('goes on in the file that is there', () => {
    new LogFile(path).write('first run');
    new LogFile(path).write('second run');
    expect(readFileSync(path, 'utf8')).toMatch(/first run\n.*second run\n$/);
  });

  it('never takes more than its files of their size, and keeps the newest', () => {
    let now = 0;
    const log = new LogFile(path, { now: () => (now += 1000) });
    const entry = 'x'.repeat(LOG_ENTRY_CHARACTERS);
    const entries = Math.ceil((LOG_BYTES * (LOG_FILES + 1)) / LOG_ENTRY_CHARACTERS);
    for (let count = 0; count < entries; count += 1) log.write(`${count} ${entry}`);
    const files = readdirSync(join(folder, 'logs')).sort();
    expect(files).toEqual(['wirebench.log', 'wirebench.log.1', 'wirebench.log.2']);
    for (const file of files) expect(statSync(join(folder, 'logs', file)).size).toBeLessThanOrEqual(LOG_BYTES);
    expect(readFileSync(path, 'utf8')).toContain(`Z ${entries - 1} x`);
  });

  it('cuts what is too long and counts what comes too often', () => {
    let now = 5000;
    const log = new LogFile(path, { now: () => now });
    for (let count = 0; count < LOG_ENTRIES_PER_SECOND + 7; count += 1)
      log.write(`${count} ${'y'.repeat(LOG_ENTRY_CHARACTERS * 2)}`);
    now += 1000;
    log.write('after');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(LOG_ENTRIES_PER_SECOND + 2);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(LOG_ENTRY_CHARACTERS + 40);
    expect(lines.at(-2)).toContain('7 more entries were left out');
  });

  it('survives whatever the disk does, and goes on when it can', () => {
    for (let fails = 1; fails <= 20; fails += 1) {
      const disk = new FailingDisk();
      disk.fails = fails;
      let now = 0;
      const log = new LogFile('/log', { disk, now: () => (now += 1000) });
      const entry = 'z'.repeat(LOG_ENTRY_CHARACTERS);
      for (let count = 0; count < 150; count += 1) log.write(`${count} ${entry}`);
      log.write('the last');
      expect(disk.files.get('/log')).toContain('the last');
      for (const [, text] of disk.files) expect(text.length).toBeLessThanOrEqual(LOG_BYTES);
      expect(disk.files.size).toBeLessThanOrEqual(LOG_FILES);
    }
  });

  it('never has a secret in it', () => {
    const log = new LogFile(path);
    const secret = 'hunter2-s3cret';
    const texts = [
      `connect wss://anna:${secret}@host/room failed`,
      `Authorization: Bearer ${secret}`,
      `{"authorization":"Basic ${secret}"}`,
      `Cookie: session=${secret}; a=b`,
      `GET /?token=${secret}&x=1`,
      `api_key: "${secret}"`,
      `password='${secret}'`,
      `opened wirebench://open?content=${secret}`,
      `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
      `-----BEGIN RSA PRIVATE KEY-----\n${secret}`,
    ];
    for (const text of texts) log.write(text);
    const written = readFileSync(path, 'utf8');
    expect(written).not.toContain(secret);
    expect(written).toContain('host/room failed');
    expect(written).toContain('x=1');
    expect(written.trimEnd().split(/\n(?! )/)).toHaveLength(texts.length);
  });
});
