/** "Check this server": the matrix of RFC 6455 and RFC 7692 on the server of a client's address. */
import { success, type Outcome } from '../../../shared/errors.ts';
import { CHECK_PATIENCE_MS } from '../../../shared/websocket-limits.ts';
import type { CheckResult } from '../../../shared/checks.ts';
import { systemLookup } from '../../net/lookup.ts';
import { checkOptions, type Options } from '../../spec.ts';
import { webSocketClientSpec } from '../client-spec.ts';
import { planHandshake } from '../handshake-client.ts';
import { readCertificates } from '../tls.ts';
import { parseWebSocketUrl } from '../url.ts';
import { checkCases } from './cases.ts';
import { natureWords, probe } from './probe.ts';
import { runCases } from './run-cases.ts';
import type { Target } from './target.ts';

/** Hears of a check while it runs. */
export interface CheckListener {
  /** How many cases there are. */
  began(total: number): void;
  /** What was found out about the server before any case: a sentence. */
  about(text: string): void;
  result(result: CheckResult): void;
}

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
  const nature = await probe(target.value, CHECK_PATIENCE_MS, stop);
  if (!nature.ok) return nature;
  listener.about(natureWords(nature.value));
  const options = { nature: nature.value, patience: CHECK_PATIENCE_MS, maxPayload: null };
  await runCases(checkCases, target.value, options, (result) => listener.result(result), stop);
  return success();
}
