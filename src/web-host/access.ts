/**
 * Who may talk to the browser host: a browser that has opened the printed link
 * on this machine. The link works once and is exchanged for a cookie.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused. `status`: RFC 9110 §15.5. */
export interface Refusal {
  readonly status: 401 | 403 | 421;
  readonly text: string;
}

const SECRET_BYTES = 32;

/** By digest, so that neither content nor length of a secret can be found out by timing. */
function isSame(given: string, secret: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

export class Access {
  readonly token = randomBytes(SECRET_BYTES).toString('base64url');
  readonly #authority: string;
  readonly #cookieName: string;
  readonly #cookie = randomBytes(SECRET_BYTES).toString('base64url');
  #isUsed = false;

  /** @param authority host and port as in the printed link; the only ones that are answered to */
  constructor(authority: string, port: number) {
    this.#authority = authority;
    // Cookies are shared by all ports of a host: two workbenches must not take each other's.
    this.#cookieName = `wirebench-${port}`;
  }

  get origin(): string {
    return `http://${this.#authority}`;
  }

  /** For the answer to the request that brought the token. */
  get setCookie(): string {
    return `${this.#cookieName}=${this.#cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /**
   * The headers that a page elsewhere cannot set: Host stops DNS rebinding, Origin other pages.
   * @param needsOrigin also refuse a request without Origin: browsers send it with every WebSocket
   */
  refuseStranger(request: IncomingMessage, needsOrigin: boolean): Refusal | null {
    if (request.headers.host !== this.#authority) {
      return { status: 421, text: `This is ${this.#authority}. Open the link that Wirebench printed.` };
    }
    const { origin } = request.headers;
    if (origin === undefined ? !needsOrigin : origin === this.origin) return null;
    return { status: 403, text: 'Only the page of Wirebench itself may ask this.' };
  }

  hasCookie(request: IncomingMessage): boolean {
    const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
    const values = pairs.flatMap(([name, value]) => (name === this.#cookieName && value !== undefined ? [value] : []));
    return values.some((value) => isSame(value, this.#cookie));
  }

  /** Takes the token, once. @returns why not, or null when the cookie may be given */
  redeem(token: string): Refusal | null {
    if (!isSame(token, this.token)) {
      return { status: 403, text: 'This link is not valid. Open the one that Wirebench printed last.' };
    }
    if (this.#isUsed) {
      return { status: 403, text: 'This link was used already. Stop Wirebench and start it again to get a new one.' };
    }
    this.#isUsed = true;
    return null;
  }
}
