import { Menu } from 'electron';
import { menuTemplate, type MenuActions } from './menu-template.ts';

export function setMenu(actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform === 'darwin', actions)));
}
