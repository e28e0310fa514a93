/** Where rows about names and addresses lead: the DNS lookup of a name, the inspector of an address. */
import { ipFamily } from '../../../shared/ip.ts';
import { metaText } from '../../../shared/meta-text.ts';
import type { Meta } from '../../../shared/record.ts';
import { addressOf, bareName, targetOf } from '../dns/connect.ts';

export interface RowLinks {
  /** Names that DNS can be asked about. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** What the window can do with them. */
export interface AddressActions {
  /** Opens a DNS tab about a name, or about the name of an address. */
  readonly lookUp: (name: string) => void;
  readonly inspect: (address: string) => void;
}

const ATTEMPTS = new Set(['connectionAttempt', 'connectionAttemptFailed', 'connectionAttemptTimeout']);

function listed(...texts: readonly (string | null)[]): RowLinks {
  const given = [...new Set(texts)].filter((text): text is string => text !== null && text !== '');
  return {
    names: given.filter((text) => ipFamily(text) === null),
    addresses: given.filter((text) => ipFamily(text) !== null),
  };
}

/** The names and addresses that a row is about; none for other kinds of rows. */
export function rowLinks(kind: string, meta: Meta): RowLinks {
  if (ATTEMPTS.has(kind)) return listed(metaText(meta, 'address'));
  if (kind === 'lookup') return listed(metaText(meta, 'host'), metaText(meta, 'address'), metaText(meta, 'hostname'));
  if (kind !== 'record') return listed();
  const record = { type: metaText(meta, 'type'), data: metaText(meta, 'data') };
  return listed(bareName(metaText(meta, 'name')), addressOf(record), targetOf(record));
}
