/**
 * Finds what a piece of code leaves behind: sockets, servers, lookups, timers,
 * and listeners on the process. Each leak is named with the place that made it.
 */
import { createHook } from 'node:async_hooks';

/** Resources that must be gone. Names: Node docs, "async_hooks", `type`. */
const WATCHED = new Set([
  'Timeout',
  'Immediate',
  'TCPWRAP',
  'TCPSERVERWRAP',
  'TCPCONNECTWRAP',
  'PIPEWRAP',
  'PIPESERVERWRAP',
  'PIPECONNECTWRAP',
  'UDPWRAP',
  'GETADDRINFOREQWRAP',
  'MESSAGEPORT',
  'WORKER',
  'FSEVENTWRAP',
]);

/** Closing a handle takes a turn or two of the event loop, a lookup in the thread pool some more. */
const TURNS = 2000;

/** Deep enough to reach our own code through Node's. */
const STACK_LINES = 50;

function stackHere(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_LINES;
  const { stack } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack ?? '';
}

/** The line of our own code that made it, or null: Node makes some by itself, later. */
function ownLine(stack: string): string | null {
  const lines = stack.split('\n').filter((line) => /[\\/](?:src|tests)[\\/]/.test(line));
  return lines.find((line) => !/support[\\/]leaks/.test(line) && !line.includes('node_modules'))?.trim() ?? null;
}

/**
 * Timers of the test runner are none of ours, those of our tests are, although the runner called them. Nor is the one
 * that Node's http keeps until the next second, for the `Date` header of all answers.
 */
function isOthers(stack: string): boolean {
  return (ownLine(stack) === null && stack.includes('node_modules')) || stack.includes('node:internal/http:');
}

/** Counts of what Node says keeps the process alive; timers are followed one by one instead. */
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (name !== 'Timeout' && name !== 'Immediate') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function processListeners(): Map<string, number> {
  return new Map(process.eventNames().map((name) => [`process.on('${String(name)}')`, process.listenerCount(name)]));
}

function grown(before: Map<string, number>, after: Map<string, number>): string[] {
  return [...after].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0);
    return more > 0 ? [`${more} × ${name}`] : [];
  });
}

/**
 * Runs `body`, then waits a bounded number of turns until everything that was
 * made meanwhile is gone.
 * @throws when something is left, with a list of it
 */
export async function leavingNothing<T>(body: () => Promise<T>): Promise<T> {
  const made = new Map<number, { readonly type: string; readonly stack: string }>();
  const hook = createHook({
    init(id, type) {
      if (!WATCHED.has(type)) return;
      const stack = stackHere();
      if (!isOthers(stack)) made.set(id, { type, stack });
    },
    destroy(id) {
      made.delete(id);
    },
  });
  const resourcesBefore = activeResources();
  const listenersBefore = processListeners();
  const leaks = (): string[] => [
    ...[...made.values()].map(({ type, stack }) => `${type} ${ownLine(stack) ?? '(made by Node itself)'}`),
    ...grown(resourcesBefore, activeResources()),
    ...grown(listenersBefore, processListeners()),
  ];

  hook.enable();
  try {
    const result = await body();
    // Everything from here on is the wait itself.
    const ours = new Set(made.keys());
    const left = (): boolean =>
      [...ours].some((id) => made.has(id)) || grown(resourcesBefore, activeResources()).length > 0;
    for (let turn = 0; turn < TURNS && left(); turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      for (const id of made.keys()) if (!ours.has(id)) made.delete(id);
    }
    for (const id of made.keys()) if (!ours.has(id)) made.delete(id);
    const found = leaks();
    if (found.length > 0) throw new Error(`Leaked:\n  ${found.join('\n  ')}`);
    return result;
  } finally {
    hook.disable();
  }
}
