/** How a window in Electron gets its port: the page asks the preload script, which asks the main process. */

/** Address of the window: a scheme of its own, so that nothing else shares its origin. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'wirebench';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** What the page posts to its own window when it listens for the port. */
export const PORT_WANTED = 'wirebench:port-wanted';

/** Channel and message with which the port comes. */
export const PORT_GIVEN = 'wirebench:port';
