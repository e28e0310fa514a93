/** Sends a finished export to the browser that asked for it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Downloads } from '../engine/export/downloads.ts';

/** Where downloads are; the rest of the path is the key. */
export const DOWNLOAD_PATH = '/download/';

/** RFC 8187 §3.2.1: in UTF-8, with all but its attr-chars as `%XX`. */
function extendedValue(name: string): string {
  const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return `UTF-8''${encodeURIComponent(name).replace(/['()*]/g, escaped)}`;
}

/**
 * Resolves when the browser has all of it, or is gone; then the file is removed.
 * @returns false when there is no such download (any more): nothing has been answered
 */
export async function sendDownload(
  response: ServerResponse,
  downloads: Downloads,
  key: string,
  headers: Readonly<Record<string, string>>,
): Promise<boolean> {
  const found = downloads.take(key);
  if (found === null) return false;
  try {
    const { size } = await stat(found.path);
    response.writeHead(200, {
      ...headers,
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      'Content-Disposition': `attachment; filename*=${extendedValue(found.name)}`,
    });
    // A browser that goes away, or whose person cancels, is no bug; nor is there anybody left to tell.
    await pipeline(createReadStream(found.path), response).catch(() => undefined);
  } finally {
    await downloads.remove(found.path);
  }
  return true;
}
