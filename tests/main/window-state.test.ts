import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_WINDOW, readWindowState, writeWindowState } from '../../src/main/window-state.ts';

const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
let folder = '';
let path = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wirebench-window-'));
  path = join(folder, 'window.json');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the place of the window', () => {
  it('is the usual one at first', () => {
    expect(readWindowState(path, screens)).toEqual(DEFAULT_WINDOW);
  });

  it('is remembered', () => {
    const state = { place: { x: 100, y: 50 }, width: 1000, height: 700, maximized: true };
    writeWindowState(path, state);
    expect(readWindowState(path, screens)).toEqual(state);
  });

  it('is forgotten when that screen is not there any more, but not the size', () => {
    writeWindowState(path, { place: { x: 3000, y: 50 }, width: 1000, height: 700, maximized: false });
    expect(readWindowState(path, screens)).toEqual({ place: null, width: 1000, height: 700, maximized: false });
  });

  it('is never smaller than the smallest window', () => {
    writeWindowState(path, { place: null, width: 10, height: -5, maximized: false });
    expect(readWindowState(path, screens)).toMatchObject({ width: 900, height: 600 });
  });

  it.each(['', 'null', '[]', '{"width":"wide"}', '{"width":1e99,"height":1,"place":null,"maximized":false}'])(
    'is the usual one when the file says %j',
    (text) => {
      writeFileSync(path, text);
      expect(readWindowState(path, screens)).toEqual(DEFAULT_WINDOW);
    },
  );

  it('is silently not kept where nothing can be written', () => {
    expect(() => {
      writeWindowState(join(folder, 'missing', 'window.json'), DEFAULT_WINDOW);
    }).not.toThrow();
  });
});
