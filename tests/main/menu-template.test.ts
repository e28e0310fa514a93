import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../src/main/menu-template.ts';

function items(isMac: boolean): MenuItemConstructorOptions[] {
  return menuTemplate(isMac, () => undefined).flatMap((menu) => {
    return Array.isArray(menu.submenu) ? [menu, ...menu.submenu] : [menu];
  });
}

describe.each([true, false])('the application menu (macOS: %s)', (isMac) => {
  it('leaves the keys of the window to the window', () => {
    const claimed = items(isMac).flatMap((item) => (item.accelerator === undefined ? [] : [item.accelerator]));
    expect(claimed).toEqual(['CmdOrCtrl+Q']);
    const roles = items(isMac).map((item) => item.role);
    // Their default keys are Ctrl+W: it closes a tab here, not the window.
    for (const role of ['close', 'windowMenu', 'fileMenu', 'appMenu', 'quit']) expect(roles).not.toContain(role);
  });

  it('offers editing, zoom, reload and the developer tools', () => {
    const roles = items(isMac).map((item) => item.role);
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'reload', 'toggleDevTools', 'zoomIn', 'resetZoom']));
  });

  it('asks before it quits', () => {
    let asked = 0;
    const quit = menuTemplate(isMac, () => (asked += 1))
      .flatMap((menu) => (Array.isArray(menu.submenu) ? menu.submenu : []))
      .find((item) => item.label === 'Quit Wirebench');
    expect(quit?.click).toBeTypeOf('function');
    Reflect.apply(quit?.click ?? (() => undefined), undefined, []);
    expect(asked).toBe(1);
  });
});
