import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aboutText, readBuildInfo } from '../../src/main/build-info.ts';

const versions = { app: '1.2.3', electron: '45.4.1', chrome: '150.0', node: '24.1.0' };
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-build-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the About box', () => {
  it('names every version, and what the build is', () => {
    const text = aboutText(versions, { standIn: false, commit: '0123456789abcdef' });
    expect(text).toMatch(
      /^Version 1\.2\.3\nElectron 45\.4\.1\nChrome 150\.0\nNode 24\.1\.0\nBuilt from 0123456789ab\n/,
    );
    expect(text).toContain('MIT licence');
    expect(text).not.toContain('stand-in');
  });

  it('marks a build on the stand-in as not for release', () => {
    expect(aboutText(versions, { standIn: true, commit: null })).toContain(
      'Electron 45.4.1 (stand-in for development: this build is not for release)',
    );
  });

  it('says when it runs from source', () => {
    expect(readBuildInfo(folder)).toBeNull();
    expect(aboutText(versions, null)).toContain('Run from source');
  });

  it.each([
    ['{"standIn":true,"commit":"abc"}', { standIn: true, commit: 'abc' }],
    ['{"commit":7}', { standIn: false, commit: null }],
    ['{', null],
    ['null', null],
  ])('reads %s', (text, info) => {
    writeFileSync(join(folder, 'build-info.json'), text);
    expect(readBuildInfo(folder)).toEqual(info);
  });
});
