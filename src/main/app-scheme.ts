/** The scheme `app:` that serves the files of the window and nothing else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol } from 'electron';
import { APP_HOST, APP_SCHEME } from '../shared/handover.ts';
import { contentFile, contentSecurityPolicy, securityHeaders } from '../shared/web-content.ts';

/** Before the application is ready, as Electron demands. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** After a script was read, the time in which it gets into the page's process, with room, ms. */
const HANDED_OVER_MS = 5;

/**
 * @param folder with the built window
 * @returns resolves when the page has got its first script
 */
export function serveAppScheme(folder: string): Promise<void> {
  return new Promise((resolve) => {
    protocol.handle(APP_SCHEME, async (request) => {
      const response = await answer(request, folder);
      if (request.url.endsWith('.js')) setTimeout(resolve, HANDED_OVER_MS);
      return response;
    });
  });
}

const headers = { ...securityHeaders, 'Content-Security-Policy': contentSecurityPolicy(["'self'"]) };

async function answer(request: { readonly method: string; readonly url: string }, folder: string): Promise<Response> {
  const url = new URL(request.url);
  const file = request.method === 'GET' && url.host === APP_HOST ? contentFile(url.pathname) : null;
  if (file === null) return notFound();
  try {
    const body = await readFile(join(folder, file.path));
    return new Response(body, { headers: { ...headers, 'Content-Type': file.type } });
  } catch {
    return notFound();
  }
}

function notFound(): Response {
  return new Response('There is no such file.', { status: 404, headers: { ...headers, 'Content-Type': 'text/plain' } });
}
