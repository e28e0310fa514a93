/**
 * Opening a client session again by itself: the options of it, which the
 * engine knows, so that a driver has nothing to do but to list them.
 */
import { RECONNECT_MAX_DELAY_MS, RECONNECT_MOST, TIMER_MAX_MS } from './limits.ts';

/** For the `fields` of a client's spec. */
export const reconnectFields = [
  {
    type: 'choice',
    id: 'reconnect',
    label: 'reconnect',
    help: 'Connects again when the connection has ended and nobody here has ended it. always: also when the first attempt fails.',
    group: 'Reconnect',
    default: 'off',
    choices: [
      { value: 'off', label: 'off' },
      { value: 'lost', label: 'after a loss' },
      { value: 'always', label: 'always' },
    ],
  },
  {
    type: 'number',
    id: 'reconnectDelay',
    label: 'first delay',
    help: 'Wait before the first attempt; it doubles with each that fails.',
    group: 'Reconnect',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: 1000,
  },
  {
    type: 'number',
    id: 'reconnectMaxDelay',
    label: 'longest delay',
    help: 'More than this is never waited.',
    group: 'Reconnect',
    unit: 'ms',
    min: 0,
    max: TIMER_MAX_MS,
    default: RECONNECT_MAX_DELAY_MS,
  },
  {
    type: 'number',
    id: 'reconnectLimit',
    label: 'attempts',
    help: 'After so many that have failed in a row it is given up. 0 = never.',
    group: 'Reconnect',
    min: 0,
    max: RECONNECT_MOST,
    default: 10,
  },
  {
    type: 'text',
    id: 'reconnectMessages',
    label: 'messages after it',
    help: 'Sent as text when it is connected again, one message a line: a login, a subscription.',
    group: 'Reconnect',
    default: '',
    multiline: true,
  },
] as const;

/** What the options say, or null: it is not opened again. Times in ms. */
export interface ReconnectPlan {
  /** Also when it has never been open. */
  readonly fromTheStart: boolean;
  readonly delay: number;
  readonly maxDelay: number;
  /** 0: none. */
  readonly limit: number;
  readonly messages: readonly string[];
}

type Values = Readonly<Record<string, string | number | boolean | null>>;

/** @param options checked, or of a spec without these fields */
export function reconnectPlan(options: Values): ReconnectPlan | null {
  const number = (id: 'reconnectDelay' | 'reconnectMaxDelay' | 'reconnectLimit'): number => {
    const field = reconnectFields.find((one) => one.id === id);
    const value = options[id] ?? field?.default;
    return typeof value === 'number' ? value : 0;
  };
  const { reconnect, reconnectMessages } = options;
  if (reconnect !== 'lost' && reconnect !== 'always') return null;
  const lines = typeof reconnectMessages === 'string' ? reconnectMessages.split('\n') : [];
  return {
    fromTheStart: reconnect === 'always',
    delay: number('reconnectDelay'),
    maxDelay: number('reconnectMaxDelay'),
    limit: number('reconnectLimit'),
    messages: lines.map((line) => line.replace(/\r$/, '')).filter((line) => line !== ''),
  };
}

/** ms before an attempt. @param attempt from 1 */
export function reconnectDelay(plan: ReconnectPlan, attempt: number): number {
  return Math.min(plan.maxDelay, plan.delay * 2 ** (attempt - 1));
}
