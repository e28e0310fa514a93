/**
 * Hands one port to the page, for each time that the page is loaded. Exposes
 * nothing: the page has no way to Electron but that port.
 */
import { ipcRenderer } from 'electron';
import { PORT_GIVEN, PORT_WANTED } from '../shared/handover.ts';

ipcRenderer.once(PORT_GIVEN, (event) => {
  // To the own origin only, so that the port goes nowhere else should the page have changed.
  window.postMessage(PORT_GIVEN, window.location.origin, event.ports);
});

function ask(event: MessageEvent<unknown>): void {
  if (event.source !== window || event.data !== PORT_WANTED) return;
  window.removeEventListener('message', ask);
  ipcRenderer.send(PORT_WANTED);
}

window.addEventListener('message', ask);
