/** What both hosts send with the files of the window, and which files they send at all. */

/** Everything from the host itself and nothing from anywhere else. Directives: W3C Content Security Policy Level 3. */
export function contentSecurityPolicy(connectSources: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connectSources.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Beside the content security policy, for every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

const types: ReadonlyMap<string, string> = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['woff2', 'font/woff2'],
  ['json', 'application/json; charset=utf-8'],
]);

export interface ContentFile {
  /** Path relative to the folder of the window, with slashes; it never leads out of it. */
  readonly path: string;
  readonly type: string;
}

/** The file that the path of an address means, or null when it means none that may be sent. */
export function contentFile(pathname: string): ContentFile | null {
  const decoded = decode(pathname);
  if (!decoded?.startsWith('/')) return null;
  const path = decoded === '/' ? 'index.html' : decoded.slice(1);
  // Plain names only: no `..`, no hidden files, no backslashes, drives or null bytes.
  if (!path.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part))) return null;
  const type = types.get(/\.([a-z0-9]+)$/.exec(path)?.[1] ?? '');
  return type === undefined ? null : { path, type };
}

function decode(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return null;
  }
}
