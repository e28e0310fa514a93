/** The scheme `app:` that serves the files of the window and nothing else. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol } from 'electron';
import { APP_HOST, APP_SCHEME } from '../shared/handover.ts';
import { contentFile, contentSecurityPolicy, securityHeaders } from '../shared/web-content.ts';

interface Request {
  readonly method: string;
  readonly url: string;
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly data: Buffer;
}

/**
 * What is needed of Electron's `protocol`. Electron would rather have `protocol.handle`. But that makes every answer a
 * `Response`, for which Node first loads all of fetch: some 40 ms, in which this thread can do nothing else, just when
 * the page's process and the one that draws are starting and wait for it.
 */
interface SchemeRegistry {
  registerBufferProtocol(
    scheme: string,
    handler: (request: Request, respond: (answer: Answer) => void) => void,
  ): boolean;
}

const registry: SchemeRegistry = protocol;

/** After a script was read, the time in which it gets into the page's process, with room, ms. */
const HANDED_OVER_MS = 5;

/** Before the application is ready, as Electron demands. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/**
 * @param folder with the built window
 * @returns resolves when the page has got its first script
 */
export function serveAppScheme(folder: string): Promise<void> {
  return new Promise((resolve) => {
    registry.registerBufferProtocol(APP_SCHEME, (request, respond) => {
      void answerTo(request, folder).then((answer) => {
        respond(answer);
        if (request.url.endsWith('.js')) setTimeout(resolve, HANDED_OVER_MS);
      });
    });
  });
}

const headers = { ...securityHeaders, 'Content-Security-Policy': contentSecurityPolicy(["'self'"]) };

async function answerTo(request: Request, folder: string): Promise<Answer> {
  const url = new URL(request.url);
  const file = request.method === 'GET' && url.host === APP_HOST ? contentFile(url.pathname) : null;
  if (file === null) return notFound();
  try {
    const data = await readFile(join(folder, file.path));
    return { statusCode: 200, headers: { ...headers, 'Content-Type': file.type }, data };
  } catch {
    return notFound();
  }
}

function notFound(): Answer {
  const data = Buffer.from('There is no such file.');
  return { statusCode: 404, headers: { ...headers, 'Content-Type': 'text/plain' }, data };
}
