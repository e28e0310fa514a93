import { describe, expect, it } from 'vitest';
import { textOf } from '../../src/engine/presets/file-text.ts';
import { readOrder } from '../../src/engine/presets/order.ts';
import { presetHead } from '../../src/engine/presets/preset-head.ts';
import { presetToYaml, samePreset } from '../../src/engine/presets/preset-text.ts';
import { yamlToPreset } from '../../src/engine/presets/preset-yaml.ts';
import { presetSchema } from '../../src/shared/preset.ts';
import { fuzzed, fuzzLimits } from '../support/fuzz-limits.ts';
import { presetSamples, yamlPieces } from '../support/preset-samples.ts';
import { seededRandom, type Random } from '../support/random.ts';

const derived = { id: 'derived', name: 'Derived' };
const samples = presetSamples.map((text) => new TextEncoder().encode(text));
const pieces = yamlPieces.map((text) => new TextEncoder().encode(text));
const allowed = new Set(['bad-preset', 'newer-preset']);
const counts = { files: 0, read: 0, refused: 0, changed: 0, heads: 0 };

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random(from.length)];
  if (found === undefined) throw new Error('Nothing to pick from');
  return found;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Bytes that were a preset once. */
function mutated(random: Random): Uint8Array {
  let bytes: Uint8Array = pick(random, samples);
  for (let left = 1 + random(3); left > 0; left -= 1) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + random(12));
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(end)];
    switch (random(7)) {
      case 0:
        bytes = join(before, Uint8Array.of(random(256)), bytes.subarray(Math.min(at + 1, bytes.length)));
        break;
      case 1:
        bytes = join(before, after);
        break;
      case 2:
        bytes = join(before, pick(random, pieces), bytes.subarray(at));
        break;
      case 3:
        bytes = join(before, pick(random, pieces), after);
        break;
      case 4: {
        const other = pick(random, samples);
        bytes = join(before, other.subarray(random(other.length)));
        break;
      }
      case 5:
        bytes = join(before, bytes.subarray(at, end), bytes.subarray(at));
        break;
      default:
        bytes =
          random(4) === 0
            ? before
            : join(
                before,
                Uint8Array.from({ length: random(6) }, () => random(256)),
                after,
              );
    }
  }
  return bytes;
}

function tryOne(seed: number): Promise<void> {
  const random = seededRandom(seed);
  counts.files += 1;
  const text = textOf(mutated(random), 'a.wb.yaml');
  if (!text.ok) {
    counts.refused += 1;
    return Promise.resolve();
  }
  const head = presetHead(text.value);
  readOrder(text.value, '.order.yaml');
  const read = yamlToPreset(text.value, 'a.wb.yaml', derived);
  if (!read.ok) {
    counts.refused += 1;
    if (!allowed.has(read.error.code)) throw new Error(`${read.error.code}: ${read.error.message}`);
    if (!read.error.message.startsWith('a.wb.yaml')) throw new Error(`It does not say where: ${read.error.message}`);
    return Promise.resolve();
  }
  counts.read += 1;
  const { preset, hasId, hasName } = read.value;
  presetSchema.parse(preset);
  if (head !== null) {
    counts.heads += 1;
    const found = { ...head, id: head.id ?? derived.id, name: head.name ?? derived.name };
    const { id, name, protocol, address } = preset;
    expect([found, head.id !== null, head.name !== null]).toEqual([{ id, name, protocol, address }, hasId, hasName]);
  }
  // What was read is written into the same file, and so is something else.
  const other = { ...preset, address: `${preset.address}x`, messages: preset.messages.slice(1), notes: 'n' };
  for (const wanted of [preset, other]) {
    const written = presetToYaml(wanted, { text: text.value, derived });
    if (!written.ok) throw new Error(`${written.error.message} ${JSON.stringify(text.value)}`);
    const again = yamlToPreset(written.value, 'a.wb.yaml', derived);
    if (!again.ok || !samePreset(again.value.preset, wanted)) throw new Error(JSON.stringify(text.value));
    counts.changed += 1;
  }
  return Promise.resolve();
}

describe('mutated files of presets', () => {
  const limits = fuzzLimits(4000);

  it(
    'are read or refused, never crash, and what is read can be changed and saved',
    async () => {
      const runs = await fuzzed(limits, async (seed) => {
        try {
          await tryOne(seed);
        } catch (problem) {
          throw new Error(`Seed ${seed}`, { cause: problem });
        }
      });
      process.stdout.write(
        `${runs} mutated presets from seed ${limits.seed} on: ${counts.read} read, ${counts.refused} refused, ` +
          `${counts.changed} changed and saved, ${counts.heads} heads compared\n`,
      );
      expect(counts.read).toBeGreaterThan(0);
      expect(counts.refused).toBeGreaterThan(0);
    },
    limits.timeout,
  );
});
