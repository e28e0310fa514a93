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

  it('is kept on a second screen, wherever that is, and forgotten when it has gone', () => {
    const left = { x: -1280, y: -200, width: 1280, height: 1024 };
    for (const place of [
      { x: -1200, y: -150 },
      { x: -1290, y: -200 },
      { x: -100, y: 0 },
    ]) {
      const state = { place, width: 1000, height: 700, maximized: false };
      writeWindowState(path, state);
      expect(readWindowState(path, [...screens, left])).toEqual(state);
    }
    writeWindowState(path, { place: { x: -1200, y: -150 }, width: 1000, height: 700, maximized: true });
    expect(readWindowState(path, screens)).toEqual({ place: null, width: 1000, height: 700, maximized: true });
  });

  it.each([
    ['beside it', { x: 1900, y: 100 }],
    ['all but a corner', { x: -950, y: 100 }],
    ['above it', { x: 100, y: -300 }],
    ['below it', { x: 100, y: 1075 }],
  ])('is forgotten where nobody could get hold of it: %s', (_, place) => {
    writeWindowState(path, { place, width: 1000, height: 700, maximized: false });
    expect(readWindowState(path, screens).place).toBeNull();
  });

  it('is no larger than a screen that has become smaller', () => {
    writeWindowState(path, { place: { x: 0, y: 0 }, width: 3840, height: 2160, maximized: false });
    expect(readWindowState(path, screens)).toMatchObject({ place: { x: 0, y: 0 }, width: 1920, height: 1080 });
    expect(readWindowState(path, [{ x: 0, y: 0, width: 800, height: 500 }])).toMatchObject({ width: 900, height: 600 });
    expect(readWindowState(path, [])).toMatchObject({ place: null, width: 3840, height: 2160 });
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
