/**
 * What is in the application menu. It claims few keys: what the window uses
 * itself (new, close, find, commands, send, save, next tab) must reach the window.
 */
import type { MenuItemConstructorOptions } from 'electron';

/** @param quit asks first when that is called for */
export function menuTemplate(isMac: boolean, quit: () => void): MenuItemConstructorOptions[] {
  const quitItem: MenuItemConstructorOptions = { label: 'Quit Wirebench', accelerator: 'CmdOrCtrl+Q', click: quit };
  const application: MenuItemConstructorOptions = isMac
    ? {
        label: 'Wirebench',
        submenu: [
          { role: 'about' },
          { type: 'separator' },
          { role: 'hide' },
          { role: 'hideOthers' },
          { role: 'unhide' },
          { type: 'separator' },
          quitItem,
        ],
      }
    : { label: '&File', submenu: [quitItem] };
  return [
    application,
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: '&Window',
      // Not the role `windowMenu`: its Close has the key that closes a tab here.
      submenu: [
        // Not the role `minimize`: its key, Ctrl+M, goes to the message.
        { label: 'Minimize', click: (_item, window) => window?.minimize() },
        ...(isMac ? ([{ role: 'zoom' }, { role: 'front' }] satisfies MenuItemConstructorOptions[]) : []),
      ],
    },
  ];
}
