/**
 * Takes the one port of each window to the engine, after looking at who offers
 * it: the main frame of that window, showing our own page. A page that was
 * loaded again offers a new port, and the old one is closed.
 */
import { ipcMain, type BrowserWindow, type IpcMainEvent } from 'electron';
import { messagePort } from '../rpc/message-port.ts';
import type { Port } from '../rpc/port.ts';
import { PORT_OFFERED } from '../shared/handover.ts';
import { isOwnPage } from './own-page.ts';

/** @param serve takes the engine's end of a new port */
export function takePorts(window: BrowserWindow, serve: (port: Port) => void): void {
  const { webContents } = window;
  let current: Port | null = null;
  function take(event: IpcMainEvent): void {
    const { senderFrame: frame, ports } = event;
    const [offered] = ports;
    if (event.sender !== webContents || frame === null || frame !== webContents.mainFrame) return;
    if (!isOwnPage(frame.url) || offered === undefined) return;
    current?.close();
    current = messagePort(offered, (deliver, closed) => {
      offered.on('message', deliver);
      offered.on('close', closed);
    });
    serve(current);
  }
  ipcMain.on(PORT_OFFERED, take);
  const drop = (): void => {
    current?.close();
    current = null;
  };
  webContents.on('render-process-gone', drop);
  webContents.once('destroyed', () => {
    ipcMain.off(PORT_OFFERED, take);
    drop();
  });
}
