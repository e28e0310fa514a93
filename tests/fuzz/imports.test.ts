import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../src/drivers/spec.ts';
import { specOf } from '../../src/drivers/specs.ts';
import { environmentSchema } from '../../src/shared/environment.ts';
import { copyAs } from '../../src/shared/exchange/copy-as.ts';
import { copyTargetsOf } from '../../src/shared/exchange/copy-targets.ts';
import { IMPORT_LEFT } from '../../src/shared/exchange/exchange-limits.ts';
import type { Look } from '../../src/shared/exchange/findings.ts';
import { importText, lookAtImport } from '../../src/shared/exchange/look.ts';
import { presetSchema, type Preset } from '../../src/shared/preset.ts';
import { fuzzLimits, fuzzed } from '../support/fuzz-limits.ts';
import { commandSamples, importFiles, importSample } from '../support/import-samples.ts';
import { mutateImport } from '../support/mutate-import.ts';
import { seededRandom } from '../support/random.ts';

const samples = [...importFiles.map(importSample), ...commandSamples];

/** A preset of our own format may have any options, as its file may; all others are made for their protocols. */
function checkPreset(kind: string, preset: Preset): void {
  presetSchema.parse(preset);
  const spec = specOf(preset.protocol);
  if (spec !== undefined && !kind.startsWith('Wirebench')) {
    const checked = checkOptions(spec, preset.options);
    if (!checked.ok) throw new Error(checked.error.message);
  }
  const { protocol, address, options, messages } = preset;
  for (const { id } of copyTargetsOf(protocol))
    copyAs({ protocol, address, options, message: messages[0] ?? null }, id);
}

function check({ kind, presets, environments, left, secrets }: Look): void {
  for (const { folder, preset } of presets) {
    checkPreset(kind, preset);
    if (folder.split('/').some((part) => part === '..' || part === '.') || folder.startsWith('/')) {
      throw new Error(`the folder ${folder} leads away`);
    }
  }
  for (const environment of environments) environmentSchema.parse(environment);
  if (left.length > IMPORT_LEFT + 2) throw new Error('too much is listed');
  for (const { environment, name } of secrets) {
    const found = environments[environment]?.variables.find((variable) => variable.name === name);
    if (found?.isSecret !== true || found.value !== '') throw new Error(`the secret ${name} is nowhere`);
  }
  if (new Set(presets.map(({ preset }) => preset.id)).size !== presets.length) throw new Error('an id comes twice');
}

describe('imports that were damaged at random', () => {
  const limits = fuzzLimits(3000);
  it(
    'are read as far as they can be, or refused with what is wrong',
    async () => {
      let understood = 0;
      let found = 0;
      const runs = await fuzzed(limits, (seed) => {
        const random = seededRandom(seed);
        const text = mutateImport(samples[random(samples.length)] ?? '', samples, random);
        try {
          const look = lookAtImport(text, 'damaged');
          if (look.ok) {
            check(look.value);
            understood += 1;
            found += look.value.presets.length;
          } else if (look.error.code !== 'bad-import' || look.error.message.length > 1000) {
            throw new Error(`${look.error.code}: ${look.error.message}`);
          }
        } catch (problem) {
          throw new Error(`seed ${seed}: ${JSON.stringify(text.slice(0, 2000))}`, { cause: problem });
        }
        return Promise.resolve();
      });
      process.stdout.write(
        `${runs} damaged imports from seed ${limits.seed} on: ${understood} understood, ${found} presets found\n`,
      );
      expect(understood).toBeGreaterThan(runs / 10);
    },
    limits.timeout,
  );

  it(
    'are refused when their bytes are noise, or no text',
    async () => {
      const noise = fuzzLimits(2000);
      await fuzzed(noise, (seed) => {
        const random = seededRandom(seed);
        const bytes = Uint8Array.from({ length: random(300) }, () => random(256));
        const text = importText(bytes);
        const answer = text.ok ? lookAtImport(text.value) : text;
        if (answer.ok) check(answer.value);
        else expect(answer.error.code).toBe('bad-import');
        return Promise.resolve();
      });
    },
    limits.timeout,
  );
});
