import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const repository = resolve(import.meta.dirname, '../..');
const runFile = promisify(execFile);

const violationSchema = z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) });
const resultSchema = z.object({ summary: z.object({ violations: z.array(violationSchema) }) });

/** One broken rule: which file imports what. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** Libraries of the project, as empty packages. */
const LIBRARIES = ['zod', 'yaml', 'ipaddr.js', 'ws', 'electron', 'svelte', 'bits-ui', 'undeclared'];
const DECLARED = {
  dependencies: { zod: '*', yaml: '*', 'ipaddr.js': '*', ws: '*', svelte: '*', 'bits-ui': '*' },
  devDependencies: { electron: '*' },
};

/**
 * Judges a made-up source tree by the project's own dependency-cruiser rules.
 * @param files path → content, such as `src/shared/a.ts`
 */
export async function cruise(files: Readonly<Record<string, string>>): Promise<Violation[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wirebench-layers-'));
  try {
    const all: Record<string, string> = { ...files, 'package.json': JSON.stringify({ type: 'module', ...DECLARED }) };
    for (const name of LIBRARIES) {
      all[`node_modules/${name}/package.json`] = JSON.stringify({
        name,
        version: '1.0.0',
        exports: { '.': './index.js', './internal/*': './index.js' },
      });
      all[`node_modules/${name}/index.js`] = '';
    }
    for (const [path, content] of Object.entries(all)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const tool = join(repository, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const config = join(repository, '.dependency-cruiser.js');
    const args = [tool, 'src', '--config', config, '--output-type', 'json'];
    const { stdout } = await runFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    const { violations } = resultSchema.parse(JSON.parse(stdout)).summary;
    return violations.map(({ from, to, rule }) => ({ rule: rule.name, from, to }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
