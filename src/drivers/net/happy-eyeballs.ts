/**
 * One address after the other until one answers, as Node does it
 * (`autoSelectFamily`, after RFC 8305): done here so that each attempt is a
 * record, which Node shows by events only from version 20.12 on.
 */
import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import { formatEndpoint } from '../../shared/address.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import { ATTEMPT_TIMEOUT_MS } from '../../shared/limits.ts';
import { factsOf, systemError } from '../../shared/system-error.ts';
import type { DriverContext } from '../driver.ts';
import { stopped } from './lookup.ts';

export interface Target {
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** Each address once; the families by turns, beginning with that of the first (`lookupAndConnectMultiple` in Node's net.js). */
export function inTurns(addresses: readonly LookupAddress[], port: number): readonly Target[] {
  const seen = new Set<string>();
  const first: Target[] = [];
  const second: Target[] = [];
  for (const { address, family } of addresses) {
    if ((family !== 4 && family !== 6) || seen.has(address)) continue;
    seen.add(address);
    (first[0] === undefined || first[0].family === family ? first : second).push({ address, port, family });
  }
  const targets: Target[] = [];
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    for (const target of [first[index], second[index]]) if (target !== undefined) targets.push(target);
  }
  return targets;
}

/** How one attempt ended. Unless it is `ready`, its socket is closed by then. */
export type Attempt =
  { readonly type: 'ready' | 'stopped' | 'timeout' } | { readonly type: 'failed'; readonly error: Error };

/**
 * Waits until a connecting socket is ready, fails, `stop` aborts, or `ms` have
 * passed (null: no limit). Leaves no listener behind.
 */
export function attempt(socket: Socket, ms: number | null, stop: AbortSignal): Promise<Attempt> {
  return new Promise((resolve) => {
    let result: Attempt = { type: 'stopped' };
    const giveUp = (): void => {
      socket.destroy();
    };
    const timer =
      ms === null
        ? null
        : setTimeout(() => {
            result = { type: 'timeout' };
            socket.destroy();
          }, ms);
    const settle = (): void => {
      if (timer !== null) clearTimeout(timer);
      stop.removeEventListener('abort', giveUp);
      socket.off('ready', ready).off('error', failed).off('close', settle);
      resolve(result);
    };
    const ready = (): void => {
      result = { type: 'ready' };
      settle();
    };
    const failed = (error: Error): void => {
      // `close` follows, and with it the end of the handle.
      result = { type: 'failed', error };
    };
    socket.on('ready', ready).on('error', failed).on('close', settle);
    stop.addEventListener('abort', giveUp);
    if (stop.aborted) giveUp();
  });
}

/** The peer as a person knows it: the name that was typed beside the address that was tried. */
function peerName(host: string, target: Target): string {
  const typed = formatEndpoint({ type: 'ip', host, port: target.port });
  return host === target.address ? typed : `${typed} at ${target.address}`;
}

function allFailed(host: string, port: number, errors: readonly WireError[], names: readonly string[]): WireError {
  const last = errors.at(-1);
  if (last === undefined) {
    return failure('host-not-found', `${host} has no address of this family.`, 'Set family to auto.').error;
  }
  if (errors.length === 1) return last;
  const typed = formatEndpoint({ type: 'ip', host, port });
  const each = names.map((name, index) => `${name}: ${errors[index]?.errno ?? 'failed'}`).join(', ');
  const errno = last.errno;
  return { ...last, message: `No connection to ${typed}, all ${errors.length} addresses failed (${each}).`, errno };
}

/**
 * @param dial begins to connect
 * @param tried called with each address that is tried
 * @returns the ready socket; `stopped` after `stop`; else the error of the only attempt, or one that names them all
 */
export async function connectInTurn(
  host: string,
  targets: readonly Target[],
  dial: (target: Target) => Socket,
  context: Pick<DriverContext, 'record'>,
  stop: AbortSignal,
): Promise<Outcome<Socket>> {
  const errors: WireError[] = [];
  for (const [index, target] of targets.entries()) {
    if (stop.aborted) return stopped;
    const meta = { address: target.address, port: target.port, family: target.family };
    context.record('connectionAttempt', 'none', 0, null, meta);
    const ms = index === targets.length - 1 ? null : ATTEMPT_TIMEOUT_MS;
    const socket = dial(target);
    const result = await attempt(socket, ms, stop);
    switch (result.type) {
      case 'ready':
        return success(socket);
      case 'stopped':
        return stopped;
      case 'timeout':
        context.record('connectionAttemptTimeout', 'none', 0, null, { ...meta, ms });
        errors.push(systemError({ code: 'ETIMEDOUT', syscall: 'connect', message: '' }, peerName(host, target)));
        break;
      case 'failed': {
        const facts = factsOf(result.error);
        context.record('connectionAttemptFailed', 'none', 0, null, { ...meta, code: facts.code });
        errors.push(systemError(facts, peerName(host, target)));
      }
    }
  }
  const names = targets.map((target) => target.address);
  return { ok: false, error: allFailed(host, targets[0]?.port ?? 0, errors, names) };
}
