/** The arguments of `npm start`: a few are ours, the rest go to the application. */

export const HELP = `Wirebench: a workbench for sockets

  npm start                       installs and builds what is missing and opens the window
  npm start -- --browser          serves the same window to a browser and prints its address
                                  (also when there is no display)

Options
  --browser           use a browser instead of a desktop window
  --retry-electron    try the official Electron download again when the stand-in is in use
  --verbose           show Chromium's own log lines
  --help              this text

Every other argument goes to the application: in the window those of Electron and
Chromium (--user-data-dir=FOLDER), in the browser
  --port N            a fixed port instead of a free one
  --host ::1          IPv6 loopback instead of 127.0.0.1
  --data FOLDER       where tabs, drafts, settings and recordings are kept
  --recordings FOLDER where recordings are kept instead, such as a larger disk

Environment
  ELECTRON_MIRROR                 where to download Electron from
  ELECTRON_OVERRIDE_DIST_PATH     a folder with an unpacked Electron to use instead`;

/**
 * @typedef {object} StartArguments
 * @property {boolean} help
 * @property {boolean} browser
 * @property {boolean} retryElectron
 * @property {boolean} verbose
 * @property {string[]} rest for the application, in order
 */

/** @param {readonly string[]} args @returns {StartArguments} */
export function parseStartArguments(args) {
  const result = {
    help: false,
    browser: false,
    retryElectron: false,
    verbose: false,
    rest: /** @type {string[]} */ ([]),
  };
  for (const arg of args) {
    if (arg === '--help' || arg === '-h') result.help = true;
    else if (arg === '--browser') result.browser = true;
    else if (arg === '--retry-electron') result.retryElectron = true;
    else if (arg === '--verbose') result.verbose = true;
    else result.rest.push(arg);
  }
  return result;
}
