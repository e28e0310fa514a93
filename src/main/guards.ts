/** What no page may do, whatever it contains: go elsewhere, open windows, ask for devices, download. */
import type { App, Session, WebContents } from 'electron';
import { isOwnPage } from './own-page.ts';

/** Copying to the clipboard after a click is all that the window needs; reading from it is not in this. */
const ALLOWED_PERMISSION = 'clipboard-sanitized-write';

/** For every page that the application ever makes. */
export function guardAllContents(app: App): void {
  app.on('web-contents-created', (_, contents) => {
    guardContents(contents);
  });
}

function guardContents(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event, address) => {
    // Loading our own page again is a navigation, too.
    if (!isOwnPage(address)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
}

export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === ALLOWED_PERMISSION && isOwnPage(contents.getURL()));
  });
  session.setPermissionCheckHandler((_, permission, origin) => permission === ALLOWED_PERMISSION && isOwnPage(origin));
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => {
    event.preventDefault();
  });
}
