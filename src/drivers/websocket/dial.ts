/** From a host and a port to a connected socket: lookup, then one address after the other, each step a record. */
import { connect, type Socket } from 'node:net';
import type { Outcome } from '../../shared/errors.ts';
import { success } from '../../shared/errors.ts';
import type { DriverContext } from '../driver.ts';
import { connectInTurn, inTurns, type Target } from '../net/happy-eyeballs.ts';
import { resolveHost, stopped, type Family, type Lookup } from '../net/lookup.ts';
import { Reads } from '../net/reads.ts';
import { wireOf, type Wire } from '../net/wire.ts';

export interface Place {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** @returns errors as of `resolveHost` and `connectInTurn`; `stopped` after `stop`. Then no handle is left */
export async function dial(
  place: Place,
  family: Family,
  lookup: Lookup,
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<Wire>> {
  const found = await resolveHost(place.host, family, lookup, context, stop);
  if (!found.ok) return found;
  const wires: Wire[] = [];
  const begin = ({ address, port, family: chosen }: Target): Socket => {
    const reads = new Reads();
    const { onread } = reads;
    const socket = connect({ host: address, port, family: chosen, autoSelectFamily: false, onread });
    wires.push(wireOf(socket, reads));
    return socket;
  };
  const result = await connectInTurn(place.host, inTurns(found.value, place.port), begin, context, stop);
  if (!result.ok) return result;
  const wire = wires.find(({ socket }) => socket === result.value);
  if (wire === undefined) return stopped;
  // Somebody may have given up in the very turn in which the socket became ready.
  if (!stop.aborted) return success(wire);
  await wire.destroy();
  return stopped;
}
