import { describe, expect, it } from 'vitest';
import { selectLanes } from '../../scripts/lib/lanes.mjs';
import { runJobs } from '../../scripts/lib/pool.mjs';

interface Gate {
  readonly started: Promise<void>;
  readonly open: (good: boolean) => void;
  readonly run: () => Promise<boolean>;
}

/** A job that ends when told to. */
function gate(): Gate {
  let start = (): void => undefined;
  let open = (_good: boolean): void => undefined;
  const started = new Promise<void>((resolve) => {
    start = resolve;
  });
  const result = new Promise<boolean>((resolve) => {
    open = resolve;
  });
  const run = (): Promise<boolean> => {
    start();
    return result;
  };
  return {
    started,
    open: (good) => {
      open(good);
    },
    run,
  };
}

function reporter(log: string[]) {
  return {
    isGood: (result: boolean) => result,
    ended: (name: string, result: boolean) => {
      log.push(`${name}: ${String(result)}`);
    },
    refused: () => false,
  };
}

describe('jobs beside each other', () => {
  it('keep within the budget of cores', async () => {
    const [a, b, c] = [gate(), gate(), gate()];
    const log: string[] = [];
    const jobs = [
      { name: 'a', cores: 1, needs: [], run: a.run },
      { name: 'b', cores: 1, needs: [], run: b.run },
      { name: 'c', cores: 2, needs: [], run: c.run },
    ];
    const done = runJobs(jobs, 2, reporter(log));
    await Promise.all([a.started, b.started]);
    let early = true;
    void c.started.then(() => {
      early = log.length < 2;
    });
    a.open(true);
    b.open(true);
    await c.started;
    c.open(true);
    await done;
    expect(log).toEqual(['a: true', 'b: true', 'c: true']);
    expect(early).toBe(false);
  });

  it('wait for those that they need, and are refused when one of them failed', async () => {
    const log: string[] = [];
    const jobs = [
      { name: 'second', cores: 1, needs: ['first'], run: () => Promise.resolve(true) },
      { name: 'first', cores: 1, needs: [], run: () => Promise.resolve(false) },
    ];
    await runJobs(jobs, 2, reporter(log));
    expect(log).toEqual(['first: false', 'second: false']);
  });

  it('that want more than the budget still run', async () => {
    const log: string[] = [];
    await runJobs([{ name: 'big', cores: 8, needs: [], run: () => Promise.resolve(true) }], 2, reporter(log));
    expect(log).toEqual(['big: true']);
  });
});

describe('choosing lanes', () => {
  const names = (only: readonly string[]) => {
    const chosen = selectLanes(only);
    return typeof chosen === 'string' ? chosen : chosen.map((lane) => lane.name);
  };

  it('takes a group', () => {
    expect(names(['static'])).toEqual(['types', 'svelte', 'lint', 'format', 'layers', 'unused']);
  });

  it('adds what a lane needs', () => {
    expect(names(['e2e'])).toEqual(['build', 'e2e']);
  });

  it('answers with the name that it does not know', () => {
    expect(names(['unit', 'nonsense'])).toBe('nonsense');
  });
});
