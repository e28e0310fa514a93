/** Whom to ask, as a person types it. */
import { formatEndpoint, parseEndpoint } from '../address.ts';
import { DNS_SERVERS_MOST } from '../dns-limits.ts';
import { failure, success, type Outcome } from '../errors.ts';
import { ipFamily } from '../ip.ts';

/** One that is asked by messages of DNS. `host` is an address or a name. */
export interface NamedServer {
  readonly type: 'server';
  /** As in the rows: `1.1.1.1:53`, `[::1]:5353 tcp`. */
  readonly label: string;
  readonly host: string;
  readonly port: number;
  /** Null: as the session's option says. */
  readonly transport: 'udp' | 'tcp' | null;
}

/**
 * `system`: what programs of this machine use, with its hosts file and its caches (`getaddrinfo`). `configured`: each
 * DNS server that it is set to use.
 */
export type ServerEntry = { readonly type: 'system' } | { readonly type: 'configured' } | NamedServer;

const DNS_PORT = 53;

/** `1.1.1.1` → `1.1.1.1:53` */
function withPort(text: string): string {
  if (ipFamily(text) === 6) return `[${text}]:${DNS_PORT}`;
  return text.endsWith(']') || !text.includes(':') ? `${text}:${DNS_PORT}` : text;
}

function badServers(message: string, hint: string): Outcome<never> {
  return failure('bad-option', message, hint, { field: 'servers' });
}

function parseServer(line: string): Outcome<ServerEntry> {
  const word = line.toLowerCase();
  if (word === 'system') return success({ type: 'system' });
  if (word === 'configured') return success({ type: 'configured' });
  const [, place = '', chosen] = /^(\S+)(?:\s+(udp|tcp))?$/i.exec(line) ?? [];
  if (place === '') {
    return badServers(
      `“${line.slice(0, 60)}” is no server.`,
      'Write one a line: system, configured, 1.1.1.1, [::1]:5353, or 127.0.0.1:53 tcp.',
    );
  }
  const endpoint = parseEndpoint(withPort(place), 'client');
  if (!endpoint.ok) return badServers(`In servers: ${endpoint.error.message}`, endpoint.error.hint);
  if (endpoint.value.type === 'path') {
    return badServers(`${place} is a path.`, 'DNS servers have an address, for example 127.0.0.1:53.');
  }
  const transport = chosen === undefined ? null : chosen.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  const label = formatEndpoint(endpoint.value) + (transport === null ? '' : ` ${transport}`);
  return success({ ...endpoint.value, type: 'server', label, transport });
}

function keyOf(entry: ServerEntry): string {
  return entry.type === 'server' ? entry.label : entry.type;
}

/**
 * One server a line, or with commas between them, each once: `system`, `configured`, `1.1.1.1`, `dns.example:5353`,
 * `[::1]:53 tcp`. What follows a `#` is a remark.
 * @returns error `bad-option` with `field` set to `servers`
 */
export function parseServers(text: string): Outcome<readonly ServerEntry[]> {
  const entries = new Map<string, ServerEntry>();
  for (const part of text.split(/[\n,]/)) {
    const line = part.replace(/#.*/, '').trim();
    if (line === '') continue;
    const entry = parseServer(line);
    if (!entry.ok) return entry;
    entries.set(keyOf(entry.value), entry.value);
  }
  if (entries.size === 0) return badServers('There is no server to ask.', 'Write system, or the address of one.');
  if (entries.size > DNS_SERVERS_MOST) return tooMany(entries.size);
  return success([...entries.values()]);
}

function tooMany(count: number): Outcome<never> {
  return badServers(`There are ${count} servers; ${DNS_SERVERS_MOST} are asked at most.`, 'Remove some.');
}
