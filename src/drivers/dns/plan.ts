/** From what a person typed to what is asked of whom. */
import { isIP } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { unicodeOf } from '../../shared/dns/name-text.ts';
import { nameBytes, nameOfBytes } from '../../shared/dns/name.ts';
import { reverseName } from '../../shared/dns/reverse.ts';
import { parseServers, type NamedServer } from '../../shared/dns/servers.ts';
import { parseTypes, TYPE, typeName } from '../../shared/dns/types.ts';
import { failure, success, type Outcome } from '../../shared/errors.ts';
import type { DnsOptions, Question } from './question.ts';

/** A column of the comparison. */
export type Column = { readonly type: 'system'; readonly label: 'system' } | NamedServer;

export interface Plan {
  /** What is looked up, in presentation format with its final dot. */
  readonly name: string;
  readonly unicodeName: string | null;
  /** What the system is asked for: without the final dot its search list counts, as for any program. */
  readonly host: string;
  /** The address whose name is wanted, or null. */
  readonly reverseOf: string | null;
  readonly types: readonly number[];
  readonly questions: readonly Question[];
  readonly columns: readonly Column[];
  /** What this machine is set to use, in its order. */
  readonly configured: readonly NamedServer[];
}

const CLASS_NUMBERS = { IN: 1, CH: 3 } as const;

/** `[::1]` and `fe80::1%eth0` are addresses, too. */
function addressOf(text: string): string | null {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const withoutZone = bare.replace(/%.*$/, '');
  return isIP(withoutZone) === 0 ? null : withoutZone;
}

/**
 * @param configured `dns.getServers()`
 * @returns error `bad-address`, or `bad-option` with `field` set
 */
export function planOf(address: string, options: DnsOptions, configured: readonly string[]): Outcome<Plan> {
  const reverseOf = addressOf(address);
  const reversed = reverseOf === null ? null : reverseName(reverseOf);
  const bytes = nameBytes(reversed ?? address, domainToASCII);
  if (!bytes.ok) return bytes;
  const types = reversed === null ? parseTypes(options.types) : success([TYPE.PTR]);
  if (!types.ok) return types;
  const servers = parseServers(options.servers);
  if (!servers.ok) return servers;

  const known = configuredServers(configured);
  const columns = new Map<string, Column>();
  for (const entry of servers.value) {
    if (entry.type === 'system') columns.set('system', { type: 'system', label: 'system' });
    else for (const server of entry.type === 'configured' ? known : [entry]) columns.set(server.label, server);
  }
  if (columns.size === 0) {
    return failure(
      'bad-option',
      'This machine is set to use no DNS server.',
      'Write the address of one into servers.',
      {
        field: 'servers',
      },
    );
  }
  const name = nameOfBytes(bytes.value);
  const asTyped = address.endsWith('.') ? name : name.replace(/(?<=.)\.$/, '');
  return success({
    name,
    unicodeName: unicodeOf(name, domainToUnicode),
    host: asTyped,
    reverseOf: reversed === null ? null : reverseOf,
    types: types.value,
    questions: types.value.map((type) => ({
      name,
      nameBytes: bytes.value,
      type,
      class: CLASS_NUMBERS[options.class],
    })),
    columns: [...columns.values()],
    configured: known,
  });
}

/** Whatever the system has that is no address is left out. */
function configuredServers(texts: readonly string[]): readonly NamedServer[] {
  return texts.flatMap((text) => {
    const parsed = parseServers(text);
    return parsed.ok ? parsed.value.filter((entry) => entry.type === 'server') : [];
  });
}

/** What the system itself is asked for by its own calls, not by messages. */
export function systemTypes(plan: Plan, options: DnsOptions): readonly number[] {
  if (options.class !== 'IN') return [];
  return plan.types.filter(
    (type) => type === TYPE.A || type === TYPE.AAAA || (type === TYPE.PTR && plan.reverseOf !== null),
  );
}

/** `A, AAAA` */
export function typeNames(types: readonly number[]): string {
  return types.map(typeName).join(', ');
}
