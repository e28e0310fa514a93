import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate, type MenuActions } from '../../src/main/menu-template.ts';
import { appCommands } from '../../src/shared/app-commands.ts';
import { fieldShortcuts, shortcuts } from '../../src/renderer/state/shortcuts.ts';

/** The keys that Electron gives to a role (lib/browser/api/menu-item-roles.ts), on macOS and elsewhere. */
const roleKeys: Readonly<Record<string, readonly [mac: string, other: string]>> = {
  about: ['', ''],
  hide: ['Command+H', ''],
  hideOthers: ['Command+Alt+H', ''],
  unhide: ['', ''],
  editMenu: [
    'Command+Z Shift+Command+Z Command+X Command+C Command+V Command+Option+Shift+V Command+A',
    'Control+Z Control+Y Shift+Control+Z Control+X Control+C Control+V Control+A',
  ],
  reload: ['CmdOrCtrl+R', 'CmdOrCtrl+R'],
  toggleDevTools: ['Alt+Command+I', 'Ctrl+Shift+I'],
  resetZoom: ['CommandOrControl+0', 'CommandOrControl+0'],
  zoomIn: ['CommandOrControl+Plus', 'CommandOrControl+Plus'],
  zoomOut: ['CommandOrControl+-', 'CommandOrControl+-'],
  togglefullscreen: ['Control+Command+F', 'F11'],
  minimize: ['CommandOrControl+M', 'CommandOrControl+M'],
  zoom: ['', ''],
  front: ['', ''],
};

/** One spelling for the keys of both lists: modifiers by their real keys, in the order of the alphabet. */
function spelled(keys: string, isMac: boolean): string {
  const mod = isMac ? 'command' : 'control';
  const names: Readonly<Record<string, string>> = {
    mod,
    cmdorctrl: mod,
    commandorcontrol: mod,
    ctrl: 'control',
    cmd: 'command',
    option: 'alt',
  };
  const parts = keys.toLowerCase().split('+');
  return parts
    .map((part) => names[part] ?? part)
    .sort()
    .join('+');
}

/** What the menu has asked for, in order. */
function actions(asked: string[]): MenuActions {
  return {
    run: (command) => asked.push(command),
    quit: () => asked.push('(quit)'),
    about: () => asked.push('(about)'),
    showLog: () => asked.push('(log)'),
    website: () => asked.push('(website)'),
  };
}

function withSubmenus(item: MenuItemConstructorOptions): MenuItemConstructorOptions[] {
  return Array.isArray(item.submenu) ? [item, ...item.submenu.flatMap(withSubmenus)] : [item];
}

function items(isMac: boolean, asked: string[] = []): MenuItemConstructorOptions[] {
  return menuTemplate(isMac, actions(asked)).flatMap(withSubmenus);
}

function click(item: MenuItemConstructorOptions | undefined): void {
  Reflect.apply(item?.click ?? (() => undefined), undefined, []);
}

describe.each([true, false])('the application menu (macOS: %s)', (isMac) => {
  it('leaves the keys of the window to the window', () => {
    const claimed = items(isMac).flatMap(({ accelerator, registerAccelerator }) =>
      accelerator === undefined || registerAccelerator === false ? [] : [accelerator],
    );
    expect(claimed).toEqual(['CmdOrCtrl+Q']);
    const roles = items(isMac).map((item) => item.role);
    // Their default keys are Ctrl+W: it closes a tab here, not the window.
    for (const role of ['close', 'windowMenu', 'fileMenu', 'appMenu', 'quit']) expect(roles).not.toContain(role);
  });

  it('claims none of the keys that the window handles', () => {
    const claimed = items(isMac).flatMap(({ role, accelerator, registerAccelerator }) => {
      if (registerAccelerator === false) return [];
      if (accelerator !== undefined) return [accelerator];
      // A key that the page has handled does not reach the menu; copying and selecting mean the same in both.
      if (role === undefined || role === 'editMenu' || role === 'help') return [];
      const keys = roleKeys[role]?.[isMac ? 0 : 1];
      if (keys === undefined) throw new Error(`the keys of the role ${role} are not known here`);
      return keys === '' ? [] : keys.split(' ');
    });
    const tabs = Array.from({ length: 9 }, (_, index) => `Mod+${index + 1}`);
    const own = [...shortcuts, ...fieldShortcuts].map(({ keys }) => keys);
    const handled = new Set([...own, ...tabs].map((keys) => spelled(keys, isMac)));
    expect(claimed.filter((keys) => handled.has(spelled(keys, isMac)))).toEqual([]);
  });

  it('minimizes the window without a key', () => {
    const item = items(isMac).find(({ label }) => label === 'Minimize');
    let minimized = 0;
    const window = { minimize: () => (minimized += 1) };
    Reflect.apply(item?.click ?? (() => undefined), undefined, [item, window]);
    expect(minimized).toBe(1);
  });

  it('offers editing, zoom, reload and the developer tools', () => {
    const roles = items(isMac).map((item) => item.role);
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'reload', 'toggleDevTools', 'zoomIn', 'resetZoom']));
  });

  it('shows every key of the window, and does what the key does', () => {
    const asked: string[] = [];
    const shown = items(isMac, asked).filter(({ registerAccelerator }) => registerAccelerator === false);
    expect(shown.map(({ accelerator }) => accelerator?.replace('CmdOrCtrl', 'Mod')).sort()).toEqual(
      shortcuts.map(({ keys }) => keys).sort(),
    );
    for (const item of shown) click(item);
    expect([...asked].sort()).toEqual(shortcuts.map(({ id }) => id).sort());
  });

  it('has every command of the window once', () => {
    const asked: string[] = [];
    for (const item of items(isMac, asked)) if (item.label !== 'Minimize') click(item);
    const commands = asked.filter((one) => !one.startsWith('('));
    expect([...commands].sort()).toEqual([...appCommands].sort());
    expect(asked.filter((one) => one.startsWith('(')).sort()).toEqual(['(about)', '(log)', '(quit)', '(website)']);
  });
});
