'use strict';
/* global document, MutationObserver -- of the page */
/**
 * Loaded before an application by `electron -r`: prints, once the window may
 * be shown and what WIREBENCH_BENCH_SELECTOR names is in the page, the time in
 * ms since 1970. The very same is loaded before the empty window.
 */
const { app } = require('electron');

const selector = process.env.WIREBENCH_BENCH_SELECTOR ?? 'body';

/** Runs in the page. @param {string} wanted */
function whenThere(wanted) {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(wanted) === null) return;
      observer.disconnect();
      resolve(null);
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true, attributes: true });
    look();
  });
}

app.on('browser-window-created', (_event, window) => {
  const shown = new Promise((resolve) => window.once('ready-to-show', resolve));
  window.webContents.once('dom-ready', async () => {
    await window.webContents.executeJavaScript(`(${String(whenThere)})(${JSON.stringify(selector)})`);
    await shown;
    process.stdout.write(`bench: interactive ${Date.now()}\n`);
  });
});
