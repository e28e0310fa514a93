/** Every method of the contract against parameters that it must refuse: whatever the window sends, the engine stays as it is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../src/rpc/client.ts';
import { memoryPorts, type Port } from '../../src/rpc/port.ts';
import { serve } from '../../src/rpc/server.ts';
import { contract, isMethod, methods, type Method } from '../../src/shared/contract.ts';
import type { Handlers } from '../../src/shared/handlers.ts';
import { engineBench, type EngineBench } from '../support/engine-bench.ts';
import { malformed } from '../support/malformed.ts';
import { turn, until, valueOf } from '../support/outcome.ts';
import { seededRandom } from '../support/random.ts';

const PER_METHOD = 200;
const SEED = Number(process.env.WIREBENCH_FUZZ_SEED ?? '1');

const answerSchema = z.object({
  type: z.literal('answer'),
  id: z.number(),
  ok: z.boolean(),
  error: z.object({ code: z.string() }).optional(),
});

let bench: EngineBench;
/** A window that only looks. */
let client: Client;
/** The window that sends what it likes. */
let port: Port;
const answers = new Map<number, string>();
/** Calls that reached a handler. */
const reached: string[] = [];
let next = 1;

/** The same handlers, which tell when they are called. */
function watched(handlers: Handlers): Handlers {
  return new Proxy(handlers, {
    get(target, name, self) {
      if (typeof name === 'string' && isMethod(name)) reached.push(name);
      const handler: unknown = Reflect.get(target, name, self);
      return handler;
    },
  });
}

async function state(): Promise<unknown> {
  const list = valueOf(await client.call('session.list', {}));
  const workspace = valueOf(await client.call('workspace.load', {}));
  const settings = valueOf(await client.call('settings.load', {}));
  const environments = await client.call('environments.list', {});
  return { list, workspace, settings, environments, kept: bench.storage.text };
}

beforeAll(async () => {
  bench = engineBench();
  client = bench.connect();
  const config = { protocol: 'scripted', address: 'x', options: {} };
  valueOf(await client.call('session.create', { config }));
  const [near, far] = memoryPorts();
  serve(
    far,
    (link) => watched(bench.engine.handlers(link)),
    (bug) => bench.bugs.push(bug),
  );
  near.listen(
    (message) => {
      const answer = answerSchema.safeParse(message);
      if (answer.success) answers.set(answer.data.id, answer.data.ok ? 'ok' : (answer.data.error?.code ?? 'none'));
    },
    () => undefined,
  );
  port = near;
});

afterAll(async () => {
  port.close();
  await bench.dispose();
});

async function send(method: string, values: readonly unknown[]): Promise<string[]> {
  const first = next;
  for (const params of values) port.post({ type: 'call', id: next++, method, params });
  await until(
    () => Array.from({ length: values.length }, (_, index) => answers.has(first + index)).every(Boolean),
    'all answers',
  );
  return values.map((_, index) => answers.get(first + index) ?? 'none');
}

describe(`malformed parameters (seed ${SEED})`, () => {
  const names = Object.keys(contract.methods).filter(isMethod);

  it.each(names)(`${PER_METHOD} of %s are answered with bad-request and change nothing`, async (method: Method) => {
    const before = await state();
    const values = malformed(methods[method].params, PER_METHOD, seededRandom(SEED + names.indexOf(method)));
    expect(values.length).toBeGreaterThanOrEqual(PER_METHOD);
    const codes = await send(method, values);
    expect(new Set(codes)).toEqual(new Set(['bad-request']));
    expect(reached).toEqual([]);
    expect(bench.bugs).toEqual([]);
    expect(await state()).toEqual(before);
  });

  it('of methods that do not exist are refused as well', async () => {
    const random = seededRandom(SEED);
    const wrongNames = [
      '',
      'x',
      '__proto__',
      'constructor',
      'toString',
      'session',
      'session.Create',
      'session.create ',
      'hasOwnProperty',
    ];
    for (const name of wrongNames) {
      const codes = await send(name, malformed(z.never(), 30, random));
      expect(new Set(codes)).toEqual(new Set(['bad-request']));
    }
    expect(reached).toEqual([]);
  });

  it('and what is no call at all is passed over', async () => {
    const known = answers.size;
    for (const value of malformed(
      z.strictObject({
        type: z.literal('call'),
        id: z.number().int().min(0),
        method: z.string().max(100),
        params: z.unknown(),
      }),
      300,
      seededRandom(SEED),
    )) {
      port.post(value);
    }
    await turn();
    expect(answers.size).toBe(known);
    expect(reached).toEqual([]);
    expect(bench.bugs).toEqual([]);
    // It still answers, and nothing got into the prototypes.
    expect(await send('app.info', [{}])).toEqual(['ok']);
    expect(reached.splice(0)).toEqual(['app.info']);
    expect(Reflect.has({}, 'polluted')).toBe(false);
  });
});
