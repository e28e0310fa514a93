/** How a window in Electron gets its port: the page makes a pair and hands one end on, by the preload script, to the main process. */

/** Address of the window: a scheme of its own, so that nothing else shares its origin. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'wirebench';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Message and channel with which the engine's end of the pair goes. */
export const PORT_OFFERED = 'wirebench:port';

/** Name of the global with which the page asks for the path of a dropped file, where Electron has it: `pathOf(file)`. */
export const DROPPED_FILES = 'wirebenchFiles';
