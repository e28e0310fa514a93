/**
 * Runs code that may never come back, above all a regular expression that
 * backtracks without end. Node's `vm` is the one means to cut off JavaScript
 * in its own thread.
 */
import { createContext, Script } from 'node:vm';
import { errnoOf } from './file-errors.ts';

const sandbox: { run: () => void } = { run: () => undefined };
const context = createContext(sandbox);
const script = new Script('run()');

/**
 * @param work may be cut off between any two steps, so it must leave its data usable at each
 * @returns false when it was cut off after `ms`
 */
export function runLimited(work: () => void, ms: number): boolean {
  sandbox.run = work;
  try {
    script.runInContext(context, { timeout: ms });
    return true;
  } catch (problem) {
    if (errnoOf(problem) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw problem;
  } finally {
    sandbox.run = () => undefined;
  }
}
