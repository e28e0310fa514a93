import { describe, expect, it } from 'vitest';
import { hasDisplay } from '../../scripts/lib/display.mjs';
import { isAtLeast } from '../../scripts/lib/node.mjs';
import { parseStartArguments } from '../../scripts/lib/start-arguments.mjs';

describe('the arguments of npm start', () => {
  it('open a desktop window when there are none', () => {
    expect(parseStartArguments([])).toEqual({
      help: false,
      browser: false,
      retryElectron: false,
      verbose: false,
      rest: [],
    });
  });

  it('are ours or go to the application, in order', () => {
    const parsed = parseStartArguments(['--port', '0', '--browser', 'folder', '--verbose']);
    expect(parsed).toMatchObject({ browser: true, verbose: true, rest: ['--port', '0', 'folder'] });
  });
});

describe('the display', () => {
  it.each([
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{ DISPLAY: '' }, 'linux', false],
    [{}, 'linux', false],
    [{}, 'darwin', true],
  ] as const)('with %j on %s: %s', (env, platform, expected) => {
    expect(hasDisplay(env, platform)).toBe(expected);
  });
});

describe("Node's version", () => {
  it.each([
    ['22.12.0', true],
    ['24.0.0', true],
    ['22.11.9', false],
    ['20.20.2', false],
  ])('%s is at least 22.12: %s', (version, expected) => {
    expect(isAtLeast(version, [22, 12])).toBe(expected);
  });
});
