import { describe, expect, it } from 'vitest';
import { parseFuzzArguments } from '../../scripts/lib/fuzz-arguments.mjs';

describe('arguments of npm run fuzz', () => {
  it('say how long, how often and from which seed on', () => {
    expect(parseFuzzArguments([], 7)).toEqual({
      help: false,
      env: { WIREBENCH_FUZZ_MINUTES: '1', WIREBENCH_FUZZ_SEED: '7' },
      rest: [],
    });
    expect(parseFuzzArguments(['--runs', '100000', '--seed=3'], 7).env).toEqual({
      WIREBENCH_FUZZ_RUNS: '100000',
      WIREBENCH_FUZZ_SEED: '3',
    });
    expect(parseFuzzArguments(['--minutes=2.5'], 7).env.WIREBENCH_FUZZ_MINUTES).toBe('2.5');
  });

  it('go on to vitest when they are not ours', () => {
    expect(parseFuzzArguments(['tests/fuzz/record.test.ts', '-t', 'forged', '--help'], 7)).toMatchObject({
      help: true,
      rest: ['tests/fuzz/record.test.ts', '-t', 'forged'],
    });
  });

  it('are refused when they are no numbers', () => {
    expect(() => parseFuzzArguments(['--runs', 'many'], 7)).toThrow('--runs needs a number');
    expect(() => parseFuzzArguments(['--seed'], 7)).toThrow('--seed needs a number');
  });
});
