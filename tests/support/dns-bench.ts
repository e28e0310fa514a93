/** One lookup at a resolver of the test's own: what was recorded, and that nothing is left of it. */
import { DnsClient } from '../../src/drivers/dns/client.ts';
import { dnsSpec } from '../../src/drivers/dns/spec.ts';
import type { SystemResolver } from '../../src/drivers/dns/system.ts';
import { checkOptions, type Options } from '../../src/drivers/spec.ts';
import type { WireError } from '../../src/shared/errors.ts';
import type { Meta } from '../../src/shared/record.ts';
import { FakeContext, type SeenRecord } from './fake-context.ts';
import { FaultyResolver, type Manners } from './faulty-resolver.ts';
import { leavingNothing } from './leaks.ts';
import { valueOf } from './outcome.ts';

export class LookedUp {
  readonly context: FakeContext;
  /** What `open` answered, or null. */
  readonly error: WireError | null;
  readonly server: string;

  constructor(context: FakeContext, error: WireError | null, server: string) {
    this.context = context;
    this.error = error;
    this.server = server;
  }

  rows(kind: string): readonly SeenRecord[] {
    return this.context.of(kind);
  }

  metas(kind: string): readonly Meta[] {
    return this.rows(kind).map(({ meta }) => meta);
  }

  /** The codes of all failed questions. */
  get failures(): readonly unknown[] {
    return this.metas('failed').map(({ code }) => code);
  }
}

export function newClient(
  name: string,
  options: Options,
  resolver: SystemResolver | null = null,
): { readonly context: FakeContext; readonly client: DnsClient } {
  const context = new FakeContext(dnsSpec, name);
  return { context, client: new DnsClient(context, valueOf(checkOptions(dnsSpec, options)), resolver) };
}

/** Looks up until all is settled. */
export async function lookUp(
  name: string,
  options: Options,
  resolver: SystemResolver | null = null,
  server = '',
): Promise<LookedUp> {
  const { context, client } = newClient(name, options, resolver);
  const opened = await client.open(new AbortController().signal);
  if (opened.ok) await context.until(({ closes }) => closes.length > 0, 'the end of the lookup');
  await client.close();
  return new LookedUp(context, opened.ok ? null : opened.error, server);
}

/** Asks a resolver with these manners for the A of example.org, unless said otherwise, once and not long. */
export function ask(manners: Manners, options: Options = {}, name = 'example.org'): Promise<LookedUp> {
  return leavingNothing(async () => {
    const resolver = await FaultyResolver.start(manners);
    try {
      const { address } = resolver;
      return await lookUp(name, { servers: address, types: 'A', timeout: 5000, retries: 0, ...options }, null, address);
    } finally {
      await resolver.stop();
    }
  });
}
