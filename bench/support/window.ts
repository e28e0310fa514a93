/** The real window in the Electron that `npm start` uses, driven as the end-to-end tests drive it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { openRecording } from '../../src/engine/disk/open-recording.ts';
import { DISK_FLUSH_MS, ROWS_PER_CALL } from '../../src/shared/limits.ts';
import { decodeRecords } from '../../src/shared/record.ts';
import { Bench as Workbench } from '../../tests/e2e/support/bench.ts';
import { makeLauncher } from '../../tests/e2e/support/host.ts';
import { useElectron } from './electron.ts';

export interface Window {
  readonly workbench: Workbench;
  /** Of the process that has started all others. */
  readonly pid: number;
  /** Folder of its user data. */
  readonly data: string;
  /** Ends it, and removes the user data. */
  stop(): Promise<void>;
}

/** @param prepare fills the folder of the user data before the start */
export async function openWindow(prepare: (data: string) => Promise<void> = () => Promise.resolve()): Promise<Window> {
  await useElectron();
  const launcher = await makeLauncher('electron');
  try {
    await prepare(launcher.data);
    const host = await launcher.start();
    return {
      workbench: new Workbench(host.page),
      pid: host.enginePid,
      data: launcher.data,
      stop: () => launcher.dispose(),
    };
  } catch (problem) {
    await launcher.dispose();
    throw problem;
  }
}

/** Rows of the session that is shown, as written above its list: "10 of 12". */
export async function rowCount({ page }: Workbench): Promise<number> {
  const text = await page.getByText(/^(\d+ % · )?[\d\s]+ of [\d\s]+$/).textContent();
  return Number((text ?? '').split(' of ')[1]?.replace(/\s/g, ''));
}

/** Waits until the session that is shown has so many rows. */
export async function rowsReach(workbench: Workbench, rows: number): Promise<void> {
  while ((await rowCount(workbench)) < rows) await pause(50);
}

/** ms between one frame and the next, as the page itself sees it, for as long as that. */
export function frameTimes(page: Page, ms: number): Promise<readonly number[]> {
  return page.evaluate(
    (span) =>
      new Promise<readonly number[]>((resolve) => {
        const times: number[] = [];
        const begun = performance.now();
        let last: number | null = null;
        const next = (now: number): void => {
          if (last !== null) times.push(now - last);
          last = now;
          if (now - begun < span) requestAnimationFrame(next);
          else resolve(times);
        };
        requestAnimationFrame(next);
      }),
    ms,
  );
}

/** What the only recording of this window has on disk by now: records with a payload, bytes of those, and records lost. */
export async function recorded({ data }: Window): Promise<{ messages: number; bytes: number; lost: number }> {
  // Until the newest records are on disk.
  await pause(5 * DISK_FLUSH_MS);
  const folder = join(data, 'recordings');
  const [id = ''] = (await readdir(folder)).filter((name) => /^\d{8}-/.test(name));
  const opened = await openRecording(join(folder, id));
  if (!opened.ok) throw new Error(opened.error.message);
  const { reader } = opened.value;
  let messages = 0;
  let bytes = 0;
  for (let from = reader.rows.first; from < reader.rows.end; from += ROWS_PER_CALL) {
    for (const { payloadLength } of decodeRecords((await reader.read(from, ROWS_PER_CALL, 0)).rows)) {
      if (payloadLength > 0) messages += 1;
      bytes += payloadLength;
    }
  }
  await reader.close();
  return { messages, bytes, lost: reader.totals.lostRecords };
}
