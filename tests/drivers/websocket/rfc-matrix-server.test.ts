/** Our server against every case of RFC 6455 and RFC 7692 that can be tried on a server. */
import { expect, it } from 'vitest';
import type { CheckCase } from '../../../src/drivers/websocket/check/check-case.ts';
import { checkCases } from '../../../src/drivers/websocket/check/cases.ts';
import { targetOf } from '../../../src/drivers/websocket/check/check-server.ts';
import { probe } from '../../../src/drivers/websocket/check/probe.ts';
import { runCases } from '../../../src/drivers/websocket/check/run-cases.ts';
import type { CheckResult } from '../../../src/shared/checks.ts';
import { valueOf } from '../../support/outcome.ts';
import { listening } from '../../support/websocket-server.ts';

const PATIENCE_MS = 5000;

function limitOf(one: CheckCase): number | null {
  return one.type === 'frames' ? one.maxPayload : null;
}

/** Cases that want a server with this limit. */
async function tryOn(cases: readonly CheckCase[], maxPayload: number | null): Promise<CheckResult[]> {
  const { address } = await listening({ behaviour: 'echo', ...(maxPayload === null ? {} : { maxPayload }) });
  const target = valueOf(targetOf(`ws://${address}/`, {}));
  const stop = new AbortController().signal;
  const nature = valueOf(await probe(target, PATIENCE_MS, stop));
  expect(nature).toEqual({ echoesText: true, echoesBinary: true, agreesToDeflate: true, isTalkative: false });
  const results: CheckResult[] = [];
  await runCases(cases, target, { nature, patience: PATIENCE_MS, maxPayload }, (one) => results.push(one), stop);
  return results;
}

it('keeps every MUST and every SHOULD of the matrix', { timeout: 180_000 }, async () => {
  const results: CheckResult[] = [];
  for (const limit of new Set(checkCases.map(limitOf))) {
    results.push(
      ...(await tryOn(
        checkCases.filter((one) => limitOf(one) === limit),
        limit,
      )),
    );
  }
  const count = (verdict: CheckResult['verdict']): number => results.filter((one) => one.verdict === verdict).length;
  process.stdout.write(
    `rfc matrix, our server: ${results.length} cases, ${count('passed')} passed, ${count('remark')} remarks, ${count('failed')} failed, ${count('not-tried')} not tried\n`,
  );
  expect(results).toHaveLength(checkCases.length);
  const others = results.filter(({ verdict }) => verdict !== 'passed');
  expect(others.map(({ id, verdict, why, happened }) => ({ id, verdict, why, happened }))).toEqual([]);
});
