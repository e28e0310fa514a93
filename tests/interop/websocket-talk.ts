import { expect } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import type { Options } from '../../src/drivers/spec.ts';
import type { FakeContext } from '../support/fake-context.ts';
import { valueOf } from '../support/outcome.ts';
import { BYE, BYE_CLOSE, type EchoPeer, type Ended, type Manner } from './websocket-peers.ts';

/** Above the length from which on a frame has 64 bits for it. */
const FRAGMENT = 70_000;

/** With any other, aiohttp answers 1000 and websockets raises an error. */
const NORMAL = 1000;

export type Message = readonly [kind: 'text' | 'binary', bytes: Buffer];

export interface Talk {
  readonly peer: EchoPeer;
  readonly manner: Manner;
  /** How the peer saw the end. */
  readonly ended: Promise<Ended>;
  /** The last is long, and can be compressed to less than three quarters. */
  readonly messages: readonly Message[];
}

export function optionsFor({ compress, fragments }: Manner): Options {
  return { deflate: compress, fragmentSize: fragments ? FRAGMENT : null };
}

/** Sends messages to a peer that sends them back, then one of both closes. Expects everything to be as it was, and as it was asked for. */
export async function talk(
  { context, driver }: { readonly context: FakeContext; readonly driver: Driver },
  { peer, manner, ended, messages }: Talk,
): Promise<void> {
  const { can } = peer;
  const extensions = String(context.of('open')[0]?.meta.extensions);
  if (manner.compress && can.agreeToDeflate) expect(extensions).toMatch(/^permessage-deflate/);
  else expect(extensions).toBe('');
  for (const [kind, bytes] of messages) valueOf(await driver.send(1, bytes, kind));
  await context.until(() => context.messages('in').length === messages.length, 'everything to come back');
  const came = context.records.filter(({ kind, direction }) => direction === 'in' && /^(?:text|binary)$/.test(kind));
  expect(came.map(({ kind, payload }) => [kind, payload?.length])).toEqual(
    messages.map(([kind, bytes]) => [kind, bytes.length]),
  );
  for (const [index, [, bytes]] of messages.entries()) expect(came[index]?.payload?.equals(bytes)).toBe(true);
  const last = came.at(-1)?.meta ?? {};
  if (manner.compress && can.sendCompressed)
    expect(last.compressed).toBeLessThan(0.75 * (messages.at(-1)?.[1].length ?? 0));
  if (manner.fragments && can.sendFragments) expect(last.frames).toBeGreaterThan(1);
  expect(context.of('violation')).toEqual([]);

  // The one side begins the end in some of the tests, the other in the rest.
  const began = manner.fragments ? 'peer' : 'us';
  if (began === 'peer') valueOf(await driver.send(1, Buffer.from(BYE), 'text'));
  else valueOf(await driver.act('close', 1, { code: NORMAL, reason: 'done' }));
  await context.untilRow('socketClose', 'none', 1);
  const { code } = began === 'peer' ? BYE_CLOSE : { code: NORMAL };
  expect(context.of('socketClose')[0]?.meta).toMatchObject({ code, clean: true, began });
  expect((await ended).code).toBe(code);
}
