/** Agreeing on permessage-deflate (RFC 7692 §5 and §7.1), as client and as server. */
import {
  formatExtensions,
  parseExtensions,
  type Extension,
  type ExtensionParam,
  type Parsed,
} from './extension-list.ts';

const NAME = 'permessage-deflate';
const SERVER_NO_CONTEXT = 'server_no_context_takeover';
const CLIENT_NO_CONTEXT = 'client_no_context_takeover';
const SERVER_BITS = 'server_max_window_bits';
const CLIENT_BITS = 'client_max_window_bits';

/** The window of DEFLATE where nothing was agreed: 32 KiB. */
const MOST_BITS = 15;
const LEAST_BITS = 8;

/** What one side wants. Window bits are 8 to 15; null does not mention them. */
export interface DeflateWishes {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number | null;
  /** `any`, in the offer of a client: it lets the server choose. A server takes it for null. */
  readonly clientMaxWindowBits: number | 'any' | null;
}

/**
 * What both sides keep to. Bits are 8 to 15. A compressor that is to use 8 has to use 9 and no distance above 256,
 * because zlib's raw streams begin there; a decompressor may always use 15.
 */
export interface DeflateAgreement {
  /** The server begins each message with an empty window. */
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

/** The parameters of one offer or response, each at most once and with a value that it may have. `any`: without a value. */
interface DeflateParams {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number | null;
  readonly clientMaxWindowBits: number | 'any' | null;
}

function bitsOf(value: string | null): number | null {
  return value !== null && /^(?:[89]|1[0-5])$/.test(value) ? Number(value) : null;
}

/** @param mayBeAny an offer may mention client_max_window_bits without a value; a response may not (§7.1.2.2) */
function readParams(params: readonly ExtensionParam[], mayBeAny: boolean): Parsed<DeflateParams> {
  const seen = new Set<string>();
  let serverMaxWindowBits: number | null = null;
  let clientMaxWindowBits: number | 'any' | null = null;
  for (const { name, value } of params) {
    const shown = value === null ? name : `${name}=${value}`;
    if (seen.has(name)) return { ok: false, problem: `${NAME} has the parameter ${name} twice.` };
    seen.add(name);
    let isGood: boolean;
    if (name === SERVER_NO_CONTEXT || name === CLIENT_NO_CONTEXT) {
      isGood = value === null;
    } else if (name === SERVER_BITS) {
      serverMaxWindowBits = bitsOf(value);
      isGood = serverMaxWindowBits !== null;
    } else if (name === CLIENT_BITS) {
      clientMaxWindowBits = value === null && mayBeAny ? 'any' : bitsOf(value);
      isGood = clientMaxWindowBits !== null;
    } else {
      return { ok: false, problem: `${NAME} has no parameter ${shown}.` };
    }
    if (!isGood) return { ok: false, problem: `A parameter of ${NAME} has a value that it cannot have: ${shown}.` };
  }
  return {
    ok: true,
    value: {
      serverNoContextTakeover: seen.has(SERVER_NO_CONTEXT),
      clientNoContextTakeover: seen.has(CLIENT_NO_CONTEXT),
      serverMaxWindowBits,
      clientMaxWindowBits,
    },
  };
}

function writeParams(params: DeflateParams): Extension {
  const list: ExtensionParam[] = [];
  if (params.serverNoContextTakeover) list.push({ name: SERVER_NO_CONTEXT, value: null });
  if (params.clientNoContextTakeover) list.push({ name: CLIENT_NO_CONTEXT, value: null });
  if (params.serverMaxWindowBits !== null) list.push({ name: SERVER_BITS, value: String(params.serverMaxWindowBits) });
  const client = params.clientMaxWindowBits;
  if (client !== null) list.push({ name: CLIENT_BITS, value: client === 'any' ? null : String(client) });
  return { name: NAME, params: list };
}

function agreed(params: DeflateParams): DeflateAgreement {
  const client = params.clientMaxWindowBits;
  return {
    serverNoContextTakeover: params.serverNoContextTakeover,
    clientNoContextTakeover: params.clientNoContextTakeover,
    serverMaxWindowBits: params.serverMaxWindowBits ?? MOST_BITS,
    clientMaxWindowBits: client === null || client === 'any' ? MOST_BITS : client,
  };
}

/** @returns the value of the header in a client's request */
export function offerDeflate(wishes: DeflateWishes): string {
  return formatExtensions([writeParams(wishes)]);
}

/**
 * Looks at what a server answers to `offerDeflate`.
 *
 * A server that leaves out what was wished for its own side has not kept to the wish (§7.1.1.1, §7.1.2.1); that is no
 * reason to fail (§7.1), and shows in what was agreed.
 * @param offer null when nothing was offered
 * @param header its value in the response, null when there is none
 * @returns null in `value`: without compression. A problem: the connection has to fail
 */
export function acceptDeflateResponse(
  offer: DeflateWishes | null,
  header: string | null,
): Parsed<DeflateAgreement | null> {
  if (header === null) return { ok: true, value: null };
  const list = parseExtensions(header);
  if (!list.ok) return list;
  const stranger = list.value.find(({ name }) => offer === null || name !== NAME);
  if (stranger !== undefined) {
    return { ok: false, problem: `The server chose an extension that was not offered: ${stranger.name}.` };
  }
  const [response, second] = list.value;
  if (offer === null || response === undefined) return { ok: true, value: null };
  if (second !== undefined) return { ok: false, problem: `The server chose ${NAME} twice.` };
  const read = readParams(response.params, false);
  if (!read.ok) return read;
  const { serverMaxWindowBits: server, clientMaxWindowBits: client } = read.value;
  if (server !== null && server > (offer.serverMaxWindowBits ?? MOST_BITS)) {
    return { ok: false, problem: `The server chose ${SERVER_BITS}=${server}, more than was offered.` };
  }
  if (typeof client === 'number' && offer.clientMaxWindowBits === null) {
    return { ok: false, problem: `The server chose ${CLIENT_BITS}, which was not offered.` };
  }
  if (
    typeof client === 'number' &&
    typeof offer.clientMaxWindowBits === 'number' &&
    client > offer.clientMaxWindowBits
  ) {
    return { ok: false, problem: `The server chose ${CLIENT_BITS}=${client}, more than was offered.` };
  }
  return { ok: true, value: agreed(read.value) };
}

export interface DeflateResponse {
  readonly agreement: DeflateAgreement;
  /** The value of the header in the response. */
  readonly header: string;
}

/**
 * Answers a client's offers: takes the first that is valid and declines the others (§5.1, §7.1).
 * @param header its value in the request, null when there is none
 * @returns null in `value`: without compression, and without the header. A problem: the header cannot be read at all
 */
export function answerDeflateOffer(wishes: DeflateWishes, header: string | null): Parsed<DeflateResponse | null> {
  if (header === null) return { ok: true, value: null };
  const list = parseExtensions(header);
  if (!list.ok) return list;
  for (const { name, params } of list.value) {
    const offer = name === NAME ? readParams(params, true) : null;
    if (offer?.ok !== true) continue;
    const answer = answerOf(wishes, offer.value);
    return { ok: true, value: { agreement: agreed(answer), header: formatExtensions([writeParams(answer)]) } };
  }
  return { ok: true, value: null };
}

function answerOf(wishes: DeflateWishes, offer: DeflateParams): DeflateParams {
  const client = smaller(wishes.clientMaxWindowBits, offer.clientMaxWindowBits);
  return {
    serverNoContextTakeover: wishes.serverNoContextTakeover || offer.serverNoContextTakeover,
    clientNoContextTakeover: wishes.clientNoContextTakeover || offer.clientNoContextTakeover,
    serverMaxWindowBits: smaller(wishes.serverMaxWindowBits, offer.serverMaxWindowBits),
    // Only a client that has mentioned it knows it (§7.1.2.2).
    clientMaxWindowBits: offer.clientMaxWindowBits === null ? null : client,
  };
}

function smaller(one: number | 'any' | null, other: number | 'any' | null): number | null {
  const bits = [one, other].filter((value) => typeof value === 'number');
  return bits.length === 0 ? null : Math.max(LEAST_BITS, Math.min(...bits));
}
