/** One lookup: every question to every server, some at a time. */
import { DNS_QUESTIONS_AT_ONCE } from '../../shared/dns-limits.ts';
import { typeName } from '../../shared/dns/types.ts';
import { failure, success, type Outcome, type WireError } from '../../shared/errors.ts';
import type { DriverContext, Facts, PeerId } from '../driver.ts';
import { resolveHost } from '../net/lookup.ts';
import { Asking, type Settled } from './asking.ts';
import { systemTypes, typeNames, type Column, type Plan } from './plan.ts';
import { inMs, QuestionRows } from './question-rows.ts';
import type { DnsOptions, Question, Server } from './question.ts';
import { systemAddresses, systemName, type SystemResolver } from './system.ts';

/** A column while it is asked. */
interface Lane {
  readonly column: Column;
  readonly peer: PeerId;
  /** Looked up once, when it is asked first. */
  server: Promise<Outcome<Server>> | null;
  questions: number;
  settled: number;
  answered: number;
  failed: number;
}

export interface RoundHost {
  readonly context: DriverContext;
  readonly plan: Plan;
  readonly options: DnsOptions;
  readonly resolver: SystemResolver;
  readonly stop: AbortSignal;
  /** Called once, when somebody has answered. */
  answered(): void;
}

export class Round {
  readonly #host: RoundHost;
  readonly #lanes: readonly Lane[];
  #isAnswered = false;
  #errors: WireError[] = [];

  constructor(host: RoundHost) {
    this.#host = host;
    const { context, plan } = host;
    this.#record();
    this.#lanes = plan.columns.map((column) => ({
      ...{ column, peer: context.peerOpened({ local: '', remote: column.label }), server: null },
      ...{ questions: 0, settled: 0, answered: 0, failed: 0 },
    }));
    const [only] = plan.columns;
    const remote = plan.columns.length === 1 && only !== undefined ? only.label : `${plan.columns.length} servers`;
    context.endpoints({ local: null, remote });
  }

  /** Of the whole lookup, or of one server. */
  facts(peer: PeerId | null): Facts {
    const lanes = this.#lanes.filter((lane) => peer === null || lane.peer === peer);
    const sum = (of: (lane: Lane) => number): number => lanes.reduce((total, lane) => total + of(lane), 0);
    if (lanes.length === 0) return {};
    return {
      ...(peer === null ? { getServers: this.#configured() } : { server: lanes[0]?.column.label ?? '' }),
      ...{ questions: sum((lane) => lane.questions), answered: sum((lane) => lane.answered) },
      failed: sum((lane) => lane.failed),
    };
  }

  /** Resolves when all is settled and no handle is left: with the error when nobody has answered. */
  async run(): Promise<WireError | null> {
    const tasks = this.#tasks();
    const work = async (): Promise<void> => {
      for (let next = tasks.shift(); next !== undefined && !this.#host.stop.aborted; next = tasks.shift()) await next();
    };
    await Promise.all(Array.from({ length: DNS_QUESTIONS_AT_ONCE }, work));
    for (const lane of this.#lanes) {
      if (lane.settled < lane.questions) this.#host.context.peerChanged(lane.peer, 'closed');
    }
    return this.#isAnswered ? null : this.#nobody();
  }

  #configured(): string {
    return this.#host.plan.configured.map(({ label }) => label).join(', ');
  }

  #record(): void {
    const { context, plan, options } = this.#host;
    context.record('ask', 'none', 0, null, {
      name: plan.name,
      ...(plan.unicodeName === null ? {} : { unicodeName: plan.unicodeName }),
      ...{ types: typeNames(plan.types), class: options.class },
      servers: plan.columns.map(({ label }) => label).join(', '),
      ...(plan.reverseOf === null ? {} : { reverseOf: plan.reverseOf }),
      getServers: this.#configured(),
    });
  }

  /** Type by type, so that every server is asked early. */
  #tasks(): (() => Promise<void>)[] {
    const { plan, options } = this.#host;
    const bySystem = systemTypes(plan, options);
    const tasks: (() => Promise<void>)[] = [];
    const add = (lane: Lane, ask: () => Promise<Settled>): void => {
      lane.questions += 1;
      tasks.push(async () => {
        this.#settle(lane, await ask());
      });
    };
    for (const lane of this.#lanes) {
      if (lane.column.type === 'system' && bySystem.length > 0) add(lane, () => this.#askSystem(lane, bySystem));
    }
    for (const question of plan.questions) {
      for (const lane of this.#lanes) {
        if (lane.column.type === 'system' && bySystem.includes(question.type)) continue;
        add(lane, () => this.#ask(lane, question));
      }
    }
    return tasks;
  }

  #settle(lane: Lane, { isAnswered, error }: Settled): void {
    if (this.#host.stop.aborted) return;
    lane.settled += 1;
    if (isAnswered) lane.answered += 1;
    if (error !== null) lane.failed += 1;
    if (error !== null && !isAnswered) this.#errors.push(error);
    if (lane.settled === lane.questions) {
      this.#host.context.peerChanged(lane.peer, lane.answered > 0 ? 'closed' : 'failed');
    }
    if (!isAnswered || this.#isAnswered) return;
    this.#isAnswered = true;
    this.#host.answered();
  }

  async #ask(lane: Lane, question: Question): Promise<Settled> {
    const { context, options, stop } = this.#host;
    lane.server ??= this.#locate(lane);
    const server = await lane.server;
    if (server.ok) return new Asking(context, server.value, question, options, stop).run();
    if (stop.aborted) return { isAnswered: false, error: null };
    new QuestionRows(context, { label: lane.column.label, peer: lane.peer }, question).failed(server.error, 0);
    return { isAnswered: false, error: server.error };
  }

  /** The address of a server; what the system's own calls cannot answer, the first server that it is set to use can. */
  async #locate({ column, peer }: Lane): Promise<Outcome<Server>> {
    const { context, plan, options, resolver, stop } = this.#host;
    const named = column.type === 'system' ? plan.configured[0] : column;
    if (named === undefined) {
      const what = 'This machine is set to use no DNS server, and its own lookup knows addresses only.';
      return failure('not-supported', what, 'Write the address of a server into servers.');
    }
    const { host, port } = named;
    const found = await resolveHost(
      host,
      0,
      (name, family, done) => resolver.addresses(name, family, 0, done),
      context,
      stop,
    );
    if (!found.ok) return found;
    const address = found.value[0]?.address;
    if (address === undefined) {
      return failure('host-not-found', `${host} has no address.`, 'Write the address of the server.');
    }
    return success({ label: column.label, peer, address, port, transport: named.transport ?? options.transport });
  }

  async #askSystem(lane: Lane, types: readonly number[]): Promise<Settled> {
    const { context, plan, options, resolver, stop } = this.#host;
    const server = lane.column.label;
    const question = typeNames(types);
    const record = (meta: Readonly<Record<string, string | number>>): void => {
      context.record('lookup', 'none', lane.peer, null, { server, question, ...meta });
    };
    if (plan.reverseOf !== null) {
      const host = plan.reverseOf;
      const looked = await systemName(resolver, host, stop);
      if (looked === null) return { isAnswered: false, error: null };
      const ms = inMs(looked.ms);
      if ('error' in looked) return this.#systemFailed(lane, question, host, looked.error, ms);
      record({ host, hostname: looked.value, ms });
      return { isAnswered: true, error: null };
    }
    const { host } = plan;
    const looked = await systemAddresses(resolver, host, types, options, stop);
    if (looked === null) return { isAnswered: false, error: null };
    const ms = inMs(looked.ms);
    if ('error' in looked) return this.#systemFailed(lane, question, host, looked.error, ms);
    for (const { address, family } of looked.value) record({ host, address, family, ms });
    return { isAnswered: true, error: null };
  }

  #systemFailed(lane: Lane, question: string, host: string, error: WireError, ms: number): Settled {
    const { context, plan } = this.#host;
    const server = lane.column.label;
    const { code, errno, message, hint } = error;
    context.record('lookup', 'none', lane.peer, null, { server, question, host, code: errno ?? code, ms });
    const about = { server, name: plan.name, type: question };
    context.record('failed', 'none', lane.peer, null, { ...about, code, errno: errno ?? '', message, hint, ms });
    // That there is no such name is an answer.
    return { isAnswered: code === 'host-not-found', error };
  }

  #nobody(): WireError | null {
    const [first] = this.#errors;
    if (first === undefined || this.#errors.length === 1) return first ?? null;
    const types = this.#host.plan.types.map(typeName);
    const what = `None of the ${this.#errors.length} questions (${types.join(', ')}) was answered.`;
    return { ...first, message: `${what} ${first.message}` };
  }
}
