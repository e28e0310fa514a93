/** From an address to an agreed connection: dial, proxy, TLS, handshake, and again where that redirects. */
import type { Socket } from 'node:net';
import { formatEndpoint } from '../../shared/address.ts';
import { maskCredentials } from '../../shared/credentials.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import type { DriverContext, Facts } from '../driver.ts';
import { stopped, type Family, type Lookup } from '../net/lookup.ts';
import { localOf } from '../net/socket-address.ts';
import type { Wire } from '../net/wire.ts';
import type { OptionsOf } from '../spec.ts';
import type { webSocketClientSpec } from './client-spec.ts';
import { dial } from './dial.ts';
import type { Agreed, HandshakePlan } from './handshake-client.ts';
import { chooseProxy, proxyFailed, proxyName, throughProxy, type Proxy } from './proxy.ts';
import { secure, type Secured } from './tls.ts';
import { upgrade } from './upgrade.ts';
import { isSameOrigin, redirectedUrl, shownUrl, type WebSocketUrl } from './url.ts';

export type ClientOptions = OptionsOf<typeof webSocketClientSpec>;

export interface OpeningSetup {
  readonly context: Pick<DriverContext, 'record'>;
  readonly options: ClientOptions;
  readonly plan: HandshakePlan;
  /** PEM, one certificate each. */
  readonly certificates: readonly string[];
  readonly lookup: Lookup;
  /** Variables that name proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called with the facts of TLS, also when the certificate is not trusted; for each server that redirects, too. */
  readonly secured: (facts: Facts) => void;
}

export interface Opened {
  readonly wire: Wire;
  /** Of TCP: the wire's own socket, or the one under TLS. */
  readonly tcp: Socket;
  readonly local: string;
  readonly remote: string;
  readonly agreed: Agreed;
}

/** A wire to the server, TLS included. */
type Reached = Omit<Opened, 'agreed'>;

export function whereOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return formatEndpoint({ type: 'ip', host, port });
}

function timedOut(where: string, ms: number, what: string, hint: string): WireError {
  return failure('connection-timed-out', `No ${what} from ${where} within ${ms} ms (ETIMEDOUT).`, hint, {
    errno: 'ETIMEDOUT',
  }).error;
}

/** Runs one stage with a limit of time. @param ms 0 = none */
async function within<T>(
  ms: number,
  late: WireError,
  stop: AbortSignal,
  run: (stop: AbortSignal) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const stage = new AbortController();
  const giveUp = (): void => {
    stage.abort();
  };
  const timer =
    ms === 0
      ? null
      : setTimeout(() => {
          stage.abort(late);
        }, ms);
  stop.addEventListener('abort', giveUp);
  if (stop.aborted) giveUp();
  const outcome = await run(stage.signal);
  stop.removeEventListener('abort', giveUp);
  if (timer !== null) clearTimeout(timer);
  return stage.signal.reason === late && !outcome.ok && !stop.aborted ? { ok: false, error: late } : outcome;
}

async function dialThrough(
  setup: OpeningSetup,
  url: WebSocketUrl,
  proxy: Proxy | null,
  stop: AbortSignal,
): Promise<Outcome<Wire>> {
  const { family: chosen } = setup.options;
  const family: Family = chosen === 'auto' ? 0 : chosen === '4' ? 4 : 6;
  const dialled = await dial(proxy ?? url, family, setup.lookup, setup.context, stop);
  if (proxy === null) return dialled;
  if (!dialled.ok) {
    const { error } = dialled;
    return error.code === 'cancelled' ? dialled : proxyFailed(proxy, error.message.replace(/\.$/, ''), error.hint);
  }
  const agreed = await throughProxy(dialled.value, proxy, url, setup.context, stop);
  if (agreed.ok) return dialled;
  await dialled.value.destroy();
  return agreed;
}

async function reach(
  setup: OpeningSetup,
  url: WebSocketUrl,
  wire: Wire,
  remote: string,
  stop: AbortSignal,
): Promise<Outcome<Reached>> {
  const local = localOf(wire.socket);
  const tcp = wire.socket;
  if (!url.secure) return success({ wire, tcp, local, remote });
  const { rejectUnauthorized, ca, servername } = setup.options;
  const options = { host: url.host, where: whereOf(url), rejectUnauthorized, ca, servername };
  const secured = ({ facts, certificates }: Secured): void => {
    setup.context.record('secureConnect', 'none', 0, Buffer.from(certificates), facts);
    setup.secured({ ...facts, certificate: certificates });
  };
  const result = await secure(wire, options, setup.certificates, secured, stop);
  return result.ok ? success({ wire: result.value.wire, tcp, local, remote }) : result;
}

interface Redirect {
  readonly status: number;
  readonly location: string;
  /** What is said when it is not followed. */
  readonly refusal: WireError;
}

/** One server: what it agrees to, or where it redirects to. */
async function ask(
  setup: OpeningSetup,
  url: WebSocketUrl,
  trusted: boolean,
  stop: AbortSignal,
): Promise<Outcome<Opened | Redirect>> {
  const { options, context, plan } = setup;
  const where = whereOf(url);
  const proxy = chooseProxy(options, url, setup.environment);
  if (!proxy.ok) return proxy;

  const hint = 'The host may be down, or a firewall drops the packets. The connect time-out is among the options.';
  const late = timedOut(where, options.connectTimeout, 'answer', hint);
  const dialled = await within(options.connectTimeout, late, stop, (stage) =>
    dialThrough(setup, url, proxy.value, stage),
  );
  if (!dialled.ok) return dialled;
  const plain = dialled.value;
  const remote =
    proxy.value === null ? whereOf({ host: plain.socket.remoteAddress ?? url.host, port: url.port }) : where;
  const via = proxy.value === null ? {} : { proxy: proxyName(proxy.value) };
  context.record('connect', 'none', 0, null, { local: localOf(plain.socket), remote, ...via });

  const slow = 'It took the connection, but does not answer as a WebSocket server. Is it one, at this port?';
  const lateAnswer = timedOut(where, options.handshakeTimeout, 'answer to the handshake', slow);
  return within<Opened | Redirect>(options.handshakeTimeout, lateAnswer, stop, async (stage) => {
    const reached = await reach(setup, url, plain, remote, stage);
    if (!reached.ok) {
      await plain.destroy();
      return reached;
    }
    const { wire } = reached.value;
    const result = await upgrade(wire, plan, url, { where, trusted }, context, stage);
    if (result.ok && result.value.type === 'agreed' && !stage.aborted) {
      return success({ ...reached.value, agreed: result.value.agreed });
    }
    await wire.destroy();
    await plain.destroy();
    if (!result.ok) return result;
    return result.value.type === 'redirect' ? success(result.value) : stopped;
  });
}

/**
 * Opens, with every step as a record of the session. After an error no handle is left.
 * @returns errors of the system, `tls-failed` and those of certificates, `proxy-failed`, `not-websocket`,
 * `bad-handshake`; `stopped` after `stop`
 */
export async function openUrl(setup: OpeningSetup, first: WebSocketUrl, stop: AbortSignal): Promise<Outcome<Opened>> {
  let url = first;
  for (let left = setup.options.redirects; ; left -= 1) {
    const result = await ask(setup, url, isSameOrigin(first, url), stop);
    if (!result.ok) return result;
    if ('wire' in result.value) return success(result.value);
    const { status, location, refusal } = result.value;
    if (left <= 0) {
      const hint =
        setup.options.redirects === 0
          ? refusal.hint
          : `It has been redirected ${setup.options.redirects} times, which is the limit among the options.`;
      return { ok: false, error: { ...refusal, hint } };
    }
    const next = redirectedUrl(url, location);
    if (!next.ok) return { ok: false, error: { ...refusal, hint: next.error.message } };
    if (url.secure && !next.value.secure) {
      const hint = `It redirects to ${shownUrl(next.value)}, without TLS; that is not followed. Write that address to connect to it.`;
      return { ok: false, error: { ...refusal, hint } };
    }
    setup.context.record('redirect', 'none', 0, null, {
      status,
      location: maskCredentials(location),
      address: shownUrl(next.value),
    });
    url = next.value;
  }
}
