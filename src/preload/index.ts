/**
 * Hands the engine's end of one port on, for each time that the page is loaded. Exposes one question besides: where a
 * file is that a person has dropped on the window. The page has no other way to Electron.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { DROPPED_FILES, PORT_OFFERED } from '../shared/handover.ts';

function handOn(event: MessageEvent<unknown>): void {
  const [port] = event.ports;
  if (event.source !== window || event.data !== PORT_OFFERED || port === undefined) return;
  window.removeEventListener('message', handOn);
  ipcRenderer.postMessage(PORT_OFFERED, null, [port]);
}

window.addEventListener('message', handOn);

/** Electron before 32 has none: there the file itself says its path. */
function isThere(utils: typeof webUtils | undefined): utils is typeof webUtils {
  return utils !== undefined;
}

if (isThere(webUtils)) {
  contextBridge.exposeInMainWorld(DROPPED_FILES, { pathOf: (file: File) => webUtils.getPathForFile(file) });
}
