/**
 * What is in the application menu. What the window has keys for itself is shown with its key and not claimed: the key
 * must reach the window, where it means the same.
 */
import type { MenuItemConstructorOptions } from 'electron';
import { keyCommands, type AppCommand } from '../shared/app-commands.ts';

type Item = MenuItemConstructorOptions;

export interface MenuActions {
  /** Something that the window does. */
  readonly run: (command: AppCommand) => void;
  /** Asks first when that is called for. */
  readonly quit: () => void;
  readonly about: () => void;
  readonly showLog: () => void;
  readonly website: () => void;
}

const separator: Item = { type: 'separator' };

export function menuTemplate(isMac: boolean, actions: MenuActions): Item[] {
  const command = (label: string, id: AppCommand): Item => {
    const keys = keyCommands.find((one) => one.id === id)?.keys;
    const accelerator =
      keys === undefined ? {} : { accelerator: keys.replace('Mod', 'CmdOrCtrl'), registerAccelerator: false };
    return {
      label,
      ...accelerator,
      click: () => {
        actions.run(id);
      },
    };
  };
  const quitItem: Item = { label: 'Quit Wirebench', accelerator: 'CmdOrCtrl+Q', click: actions.quit };
  const aboutItem: Item = { label: 'About Wirebench', click: actions.about };
  return [
    ...(isMac ? [macMenu(aboutItem, quitItem)] : []),
    {
      label: '&File',
      submenu: [
        command('New Session', 'new'),
        command('Open Recording…', 'openRecording'),
        command('Open Workspace Folder…', 'openFolder'),
        command('Import…', 'import'),
        separator,
        command('Save Preset', 'save'),
        command('Export Messages…', 'export'),
        separator,
        command('Close Tab', 'close'),
        command('Reopen Closed Tab', 'reopen'),
        ...(isMac ? [] : [separator, quitItem]),
      ],
    },
    { role: 'editMenu' },
    viewMenu(command),
    {
      label: '&Session',
      submenu: [
        command('Connect or Disconnect', 'toggle'),
        command('Send', 'send'),
        separator,
        command('Go to the Address', 'address'),
        command('Go to the Message', 'message'),
        command('Filter Messages', 'find'),
        command('Go to a Row or Time…', 'goto'),
        separator,
        command('Check the Server…', 'check'),
        command('Variables…', 'environment'),
      ],
    },
    {
      label: '&Window',
      // Not the role `windowMenu`: its Close has the key that closes a tab here.
      submenu: [
        command('Next Tab', 'next'),
        command('Previous Tab', 'previous'),
        separator,
        // Not the role `minimize`: its key, Ctrl+M, goes to the message.
        { label: 'Minimize', click: (_item, window) => window?.minimize() },
        ...(isMac ? ([{ role: 'zoom' }, { role: 'front' }] satisfies Item[]) : []),
      ],
    },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        command('Keyboard Shortcuts', 'sheet'),
        command('Address Inspector…', 'inspectAddress'),
        separator,
        { label: 'Show Log File', click: actions.showLog },
        { label: 'Website', click: actions.website },
        ...(isMac ? [] : [separator, aboutItem]),
      ],
    },
  ];
}

function macMenu(about: Item, quit: Item): Item {
  const submenu: Item[] = [about, separator, { role: 'hide' }, { role: 'hideOthers' }, { role: 'unhide' }];
  return { label: 'Wirebench', submenu: [...submenu, separator, quit] };
}

function viewMenu(command: (label: string, id: AppCommand) => Item): Item {
  return {
    label: '&View',
    submenu: [
      command('Sidebar', 'sidebar'),
      command('Search Presets', 'presets'),
      {
        label: 'Theme',
        submenu: [
          command('As the System', 'themeSystem'),
          command('Dark', 'themeDark'),
          command('Light', 'themeLight'),
        ],
      },
      separator,
      { role: 'reload' },
      { role: 'toggleDevTools' },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
    ],
  };
}
