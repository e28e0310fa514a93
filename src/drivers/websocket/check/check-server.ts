/** "Check this server": the matrix of RFC 6455 and RFC 7692 on the server of a client's address. */
import { failure, success, type Outcome } from '../../../shared/errors.ts';
import { CHECK_CASE_MS, CHECK_PATIENCE_MS } from '../../../shared/check-limits.ts';
import type { CheckListener } from '../../driver.ts';
import { systemLookup } from '../../net/lookup.ts';
import { checkOptions, type Options } from '../../spec.ts';
import { webSocketClientSpec } from '../client-spec.ts';
import { planHandshake } from '../handshake-client.ts';
import { whereOf } from '../opening.ts';
import { readCertificates } from '../tls.ts';
import { parseWebSocketUrl } from '../url.ts';
import { checkCases } from './cases.ts';
import { inTime } from './in-time.ts';
import { natureWords, probe } from './probe.ts';
import { runCases } from './run-cases.ts';
import type { Target } from './target.ts';

/** @returns errors `bad-address`, `bad-option` */
export function targetOf(address: string, raw: Options): Outcome<Target> {
  const options = checkOptions(webSocketClientSpec, raw);
  if (!options.ok) return options;
  const url = parseWebSocketUrl(address);
  if (!url.ok) return url;
  const plan = planHandshake(options.value, null);
  if (!plan.ok) return plan;
  const certificates = readCertificates(options.value.ca);
  if (!certificates.ok) return certificates;
  return success({
    url: url.value,
    options: options.value,
    plan: plan.value,
    certificates: certificates.value,
    lookup: systemLookup,
    environment: process.env,
  });
}

/**
 * Tries every case on the server at `address`, and on no other: redirects are not followed.
 * @returns when all have been tried, or soon after `stop`; errors as of opening a session there
 */
export async function checkServer(
  address: string,
  raw: Options,
  listener: CheckListener,
  stop: AbortSignal,
): Promise<Outcome> {
  const target = targetOf(address, raw);
  if (!target.ok) return target;
  listener.began(checkCases.length);
  const probed = await inTime(CHECK_CASE_MS, stop, (limit) => probe(target.value, CHECK_PATIENCE_MS, limit));
  const nature = probed.value;
  if (!nature.ok) return probed.isLate ? noAnswer(target.value) : nature;
  listener.about(natureWords(nature.value));
  const options = { nature: nature.value, patience: CHECK_PATIENCE_MS, maxPayload: null };
  await runCases(checkCases, target.value, options, (result, place) => listener.result({ ...result, place }), stop);
  return success();
}

function noAnswer({ url }: Target): ReturnType<typeof failure> {
  const message = `${whereOf(url)} did not answer within ${CHECK_CASE_MS / 1000} s.`;
  return failure('connection-timed-out', message, 'The host may be down, or it is no WebSocket server.');
}
