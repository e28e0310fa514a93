import { readFile } from 'node:fs/promises';

/** @param {string} path @returns {Promise<unknown>} null when the file is missing or is not whole JSON */
export async function readJson(path) {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
