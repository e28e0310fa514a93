/** `npm run icons`: draws the pictures that systems want from build/icon.svg, after that was changed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { isRoot } from './lib/apt.mjs';
import { findChromium } from './lib/executables.mjs';
import { icns, ico } from './lib/package/icon-files.mjs';
import { inRoot } from './lib/paths.mjs';
import { Problem, runMain, say } from './lib/say.mjs';

/** Widths of the pictures, px: what icon themes of Linux have, and what the files of Windows and macOS hold. */
const SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** The largest that an icon theme has. The one above is for macOS alone. */
const LARGEST_OF_LINUX = 512;

/** @returns {Promise<Map<number, Buffer>>} width → PNG */
async function draw() {
  const executablePath = findChromium();
  if (executablePath === null) throw new Problem('Chromium is not installed; it draws the icons.');
  const svg = await readFile(inRoot('build', 'icon.svg'));
  const browser = await chromium.launch({ executablePath, args: isRoot() ? ['--no-sandbox'] : [] });
  try {
    /** @type {Map<number, Buffer>} */
    const pictures = new Map();
    for (const size of SIZES) {
      const page = await browser.newPage({ viewport: { width: size, height: size } });
      const source = `data:image/svg+xml;base64,${svg.toString('base64')}`;
      await page.setContent(
        `<body style="margin:0"><img src="${source}" width="${String(size)}" height="${String(size)}" style="display:block">`,
      );
      pictures.set(size, await page.screenshot({ omitBackground: true }));
      await page.close();
    }
    return pictures;
  } finally {
    await browser.close();
  }
}

await runMain(async () => {
  const pictures = await draw();
  const folder = inRoot('build', 'icons');
  await mkdir(folder, { recursive: true });
  for (const [size, png] of pictures) {
    if (size <= LARGEST_OF_LINUX) await writeFile(join(folder, `${String(size)}x${String(size)}.png`), png);
  }
  await writeFile(inRoot('build', 'icon.ico'), ico(pictures));
  await writeFile(inRoot('build', 'icon.icns'), icns(pictures));
  say(`Drew ${String(pictures.size)} sizes of build/icon.svg`);
  return 0;
});
