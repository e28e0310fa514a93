/**
 * Gives each window its one port to the engine, after looking at who asks: the
 * main frame of that window, showing our own page. A page that was loaded again
 * gets a new port, and the old one is closed.
 */
import { ipcMain, MessageChannelMain, type BrowserWindow, type IpcMainEvent } from 'electron';
import { messagePort } from '../rpc/message-port.ts';
import type { Port } from '../rpc/port.ts';
import { PORT_GIVEN, PORT_WANTED } from '../shared/handover.ts';
import { isOwnPage } from './own-page.ts';

/** @param serve takes the engine's end of a new port */
export function handOverPorts(window: BrowserWindow, serve: (port: Port) => void): void {
  const { webContents } = window;
  let current: Port | null = null;
  function give(event: IpcMainEvent): void {
    const frame = event.senderFrame;
    if (event.sender !== webContents || frame === null || frame !== webContents.mainFrame) return;
    if (!isOwnPage(frame.url)) return;
    current?.close();
    const { port1, port2 } = new MessageChannelMain();
    current = messagePort(port1, (deliver, closed) => {
      port1.on('message', deliver);
      port1.on('close', closed);
    });
    serve(current);
    frame.postMessage(PORT_GIVEN, null, [port2]);
  }
  ipcMain.on(PORT_WANTED, give);
  const drop = (): void => {
    current?.close();
    current = null;
  };
  webContents.on('render-process-gone', drop);
  webContents.once('destroyed', () => {
    ipcMain.off(PORT_WANTED, give);
    drop();
  });
}
