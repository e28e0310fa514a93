/** The sequences of websocket-sequences.test.ts over real sockets, with the whole driver: fewer, because each costs a connection. */
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import { resetSocket } from '../../src/drivers/net/reset-socket.ts';
import type { Options } from '../../src/drivers/spec.ts';
import type { FakeContext } from '../support/fake-context.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { turn, valueOf } from '../support/outcome.ts';
import { seededRandom } from '../support/random.ts';
import { agree, connectTo } from '../support/raw-websocket.ts';
import { TcpOutside, dial, type TcpRemote } from '../support/tcp-remote.ts';
import { listening, requestOf } from '../support/websocket-server.ts';
import { judge } from './websocket-judge.ts';
import { setupOf, stepsOf, type SequenceSetup, type Step } from './websocket-steps.ts';

const DEFLATE = 'Sec-WebSocket-Extensions';
const agreed = { windowBits: 15, contextTakeover: true };
const HEAD_END = '\r\n\r\n';
const MOST_STEPS = 24;
/** Each connection leaves a port in TIME_WAIT for a minute (RFC 9293 §3.6.1), and Linux has 28 000 to give. */
const MOST_RUNS = 5000;

interface Link {
  readonly context: FakeContext;
  readonly driver: Driver;
  readonly remote: TcpRemote;
}

function optionsOf({ options, deflate, echoes, role }: SequenceSetup): Options {
  return {
    ...options,
    deflate: deflate !== null,
    ...(role === 'server' ? { behaviour: echoes ? 'echo' : 'none' } : {}),
  };
}

async function ourServer(setup: SequenceSetup): Promise<Link> {
  const { context, driver, address } = await listening(optionsOf(setup));
  const remote = await dial(address);
  const headers = setup.deflate === null ? {} : { [DEFLATE]: 'permessage-deflate' };
  await remote.write(Buffer.from(requestOf(headers)));
  await context.untilRow('open', 'none', 1);
  return { context, driver, remote };
}

async function ourClient(setup: SequenceSetup): Promise<Link> {
  const outside = await TcpOutside.listen('127.0.0.1');
  const { context, driver, opened } = connectTo(`ws://${outside.address}/`, optionsOf(setup));
  const remote = await outside.next();
  outside.server.close();
  await agree(remote, { headers: setup.deflate === null ? [] : [`${DEFLATE}: permessage-deflate`] });
  valueOf(await opened);
  return { context, driver, remote };
}

async function act({ driver, remote }: Link, step: Step): Promise<void> {
  const { socket } = remote;
  switch (step.type) {
    case 'arrive':
      for (const part of step.parts) if (socket.writable) socket.write(part);
      return;
    case 'send':
      void driver.send(1, step.bytes, step.kind);
      return;
    case 'act':
      void driver.act(step.action, 1, step.values);
      return;
    case 'pause':
      driver.pauseReading(1);
      return;
    case 'resume':
      driver.resumeReading(1);
      return;
    case 'block':
      remote.pause();
      return;
    case 'unblock':
      remote.resume();
      return;
    case 'facts':
      driver.facts(1);
      return;
    case 'giveUp':
      void driver.close();
      void driver.close();
      return;
    case 'closeSoon':
      void driver.close();
      return;
    case 'peerEnds':
      remote.end();
      return;
    case 'peerResets':
      resetSocket(remote.socket);
      return;
    default:
      await turn();
  }
}

/** @returns how many messages have come in */
async function playOverSocket(setup: SequenceSetup, seeds: readonly number[]): Promise<number> {
  const { steps, peer } = stepsOf(setup, seeds);
  const link = await (setup.role === 'server' ? ourServer(setup) : ourClient(setup));
  const { context, driver, remote } = link;
  for (const step of steps) await act(link, step);
  driver.resumeReading(1);
  remote.resume();
  if (setup.ending === 'reset') resetSocket(remote.socket);
  else remote.end();
  await context.until(() => context.of('socketClose').length > 0, 'the end');
  await remote.until(() => remote.isClosed || remote.hasEnded, 'the end as the peer sees it');
  remote.destroy();
  await driver.close();
  const records = context.records.filter(({ peer: one }) => one === 1);
  const opened = records.slice(records.findIndex(({ kind }) => kind === 'open'));
  const { received } = remote;
  const frames = received.subarray(received.indexOf(HEAD_END) + HEAD_END.length);
  // A peer that resets its own end has not read what was still under way (seed 1795456753), and nobody can know here.
  const hasReset = setup.ending === 'reset' || steps.some(({ type }) => type === 'peerResets');
  const isAllThere = opened.at(-1)?.meta.clean === true && remote.errno === null && !hasReset;
  judge(setup, { records: opened, states: context.peer(1).states, written: [frames], isAllThere, sent: peer.messages });
  return context.messages('in').length;
}

describe('hostile sequences over real sockets', () => {
  const asked = fuzzLimits(200);
  const limits = { ...asked, runs: Math.min(asked.runs, MOST_RUNS) };
  it(
    'end as they should in both roles',
    async () => {
      let messages = 0;
      const runs = await fuzzed(limits, async (seed) => {
        const random = seededRandom(seed);
        const seeds = Array.from({ length: random(MOST_STEPS) }, () => random(2 ** 32));
        for (const role of ['client', 'server'] as const) {
          const setup = setupOf(random(2 ** 32), role);
          const deflate = setup.deflate === null ? null : { send: agreed, receive: agreed };
          try {
            messages += await playOverSocket({ ...setup, deflate }, seeds);
          } catch (problem) {
            throw new Error(`seed ${seed}, our ${role}`, { cause: problem });
          }
        }
      });
      process.stdout.write(
        `${2 * runs} hostile connections over sockets from seed ${limits.seed} on: ${messages} messages came\n`,
      );
      expect(messages).toBeGreaterThan(runs);
    },
    limits.timeout,
  );
});
