import { APP_HOST, APP_SCHEME } from '../shared/handover.ts';

/** Whether an address is of our own page. By its parts: for other schemes than those of the web, `URL.origin` is "null". */
export function isOwnPage(address: string): boolean {
  try {
    const url = new URL(address);
    return url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
  } catch {
    return false;
  }
}
