import { describe, expect, it } from 'vitest';
import { run } from '../../scripts/lib/run.mjs';

const node = (code: string, options = {}) => run(process.execPath, ['-e', code], options);

describe('running a command', () => {
  it('gives its exit code and what it wrote', async () => {
    const result = await node("process.stdout.write('out'); process.stderr.write('err'); process.exitCode = 3");
    expect(result.code).toBe(3);
    expect(result.output).toContain('out');
    expect(result.output).toContain('err');
  });

  it('gives 128 and the signal when it was killed', async () => {
    expect((await node("process.kill(process.pid, 'SIGKILL')")).code).toBe(137);
  });

  it('gives 127 when there is no such command', async () => {
    expect((await run('wirebench-no-such-command', [])).code).toBe(127);
  });

  it('stops it after its time limit, with what it started', async () => {
    const code =
      "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); setInterval(() => {}, 1000)";
    const result = await node(code, { timeLimit: 300, group: true });
    expect(result.code).toBe(124);
    expect(result.output).toContain('Stopped after');
  });
});
