import { Menu } from 'electron';
import { menuTemplate } from './menu-template.ts';

/** @param quit asks first when that is called for */
export function setMenu(quit: () => void): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform === 'darwin', quit)));
}
