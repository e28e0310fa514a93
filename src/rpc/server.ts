/**
 * The engine's end of the contract: checks every call before a handler sees
 * it. A malformed call is answered with `bad-request` and changes nothing; a
 * handler that throws is answered with `internal` and reported, and the
 * connection goes on.
 */
import { type z } from 'zod';
import { isMethod, methods, type Method } from '../shared/contract.ts';
import { failure, success, type Outcome } from '../shared/errors.ts';
import type { Handlers, WindowLink } from '../shared/handlers.ts';
import { callSchema, type Answer } from './messages.ts';
import type { Port } from './port.ts';

/** Serves one port until it closes. `report` receives what handlers throw: bugs, for the log. */
export function serve(port: Port, makeHandlers: (link: WindowLink) => Handlers, report: (bug: unknown) => void): void {
  const closedListeners: (() => void)[] = [];
  let open = true;
  const link: WindowLink = {
    emit(event, payload) {
      // An event that is too long to be sent is missing; nobody waits for it.
      if (open) post({ type: 'event', name: event, payload });
    },
    get backlog() {
      return port.backlog;
    },
    onClosed(listener) {
      closedListeners.push(listener);
    },
  };
  const handlers = makeHandlers(link);

  /** What cannot be sent at all is a bug, and must not end the engine. */
  function post(message: unknown): Outcome {
    try {
      return port.post(message);
    } catch (bug) {
      report(bug);
      return success();
    }
  }

  async function run<M extends Method>(method: M, params: unknown): Promise<Outcome<unknown>> {
    const parsed = methods[method].params.safeParse(params);
    if (!parsed.success) {
      return failure('bad-request', `The call ${method} is malformed: ${problems(parsed.error)}.`);
    }
    try {
      return await handlers[method](parsed.data);
    } catch (bug) {
      report(bug);
      return failure('internal', `${method} failed inside the engine.`, 'This is a bug; the log has the details.');
    }
  }

  async function receive(message: unknown): Promise<void> {
    const call = callSchema.safeParse(message);
    if (!call.success) return; // No id to answer to.
    const { id, method, params } = call.data;
    const outcome: Outcome<unknown> = isMethod(method)
      ? await run(method, params)
      : failure('bad-request', `There is no method "${method}".`);
    if (!open) return;
    const answer: Answer = outcome.ok
      ? { type: 'answer', id, ok: true, value: outcome.value }
      : { type: 'answer', id, ok: false, error: outcome.error };
    const posted = post(answer);
    if (!posted.ok) post({ type: 'answer', id, ok: false, error: posted.error });
  }

  port.listen(
    (message) => {
      void receive(message);
    },
    () => {
      open = false;
      for (const listener of closedListeners) listener();
    },
  );
}

/** What is wrong with the parameters, shortly: `config.address: expected string`. */
function problems(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'parameters'}: ${issue.message}`)
    .join('; ');
}
