/**
 * Hands the engine's end of one port on, for each time that the page is loaded.
 * Exposes nothing: the page has no way to Electron but that port.
 */
import { ipcRenderer } from 'electron';
import { PORT_OFFERED } from '../shared/handover.ts';

function handOn(event: MessageEvent<unknown>): void {
  const [port] = event.ports;
  if (event.source !== window || event.data !== PORT_OFFERED || port === undefined) return;
  window.removeEventListener('message', handOn);
  ipcRenderer.postMessage(PORT_OFFERED, null, [port]);
}

window.addEventListener('message', handOn);
