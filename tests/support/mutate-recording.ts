/** Damages the files of a recording, in one of the ways in which disks, programs and people do. */
import { INDEX_NAME } from '../../src/engine/disk/format.ts';
import { joinBytes, type MadeFile } from './made-recording.ts';
import type { Random } from './random.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A part of at most `most` bytes, within the file. */
function part(bytes: Bytes, random: Random, most: number): { readonly from: number; readonly to: number } {
  const from = random(bytes.length + 1);
  return { from, to: Math.min(bytes.length, from + 1 + random(most)) };
}

/** What can become of the bytes of one file. They may be changed in place. */
const fileMutations: Record<string, (bytes: Bytes, random: Random) => Bytes> = {
  'a flipped bit': (bytes, random) => {
    const at = random(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    return bytes;
  },
  'another byte': (bytes, random) => {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  'some other bytes': (bytes, random) => {
    const { from, to } = part(bytes, random, 64);
    for (let at = from; at < to; at += 1) bytes[at] = random(256);
    return bytes;
  },
  'a number that is extreme': (bytes, random) => {
    const at = random(Math.max(1, bytes.length - 8));
    const extreme = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff][random(5)] ?? 0;
    if (at + 4 <= bytes.length) new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, extreme, true);
    return bytes;
  },
  'a sector of zeros': (bytes, random) => {
    const { from, to } = part(bytes, random, 512);
    return bytes.fill(0, from, to);
  },
  'a part that is missing': (bytes, random) => {
    const { from, to } = part(bytes, random, 300);
    return joinBytes([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  'a part that is there twice': (bytes, random) => {
    const { from, to } = part(bytes, random, 600);
    return joinBytes([bytes.subarray(0, to), bytes.subarray(from)]);
  },
  'a part that is elsewhere': (bytes, random) => {
    const { from, to } = part(bytes, random, 600);
    const moved = bytes.slice(from, to);
    bytes.set(moved, random(bytes.length - moved.length + 1));
    return bytes;
  },
  'noise put in': (bytes, random) => {
    const noise = Uint8Array.from({ length: 1 + random(100) }, () => random(256));
    const at = random(bytes.length + 1);
    return joinBytes([bytes.subarray(0, at), noise, bytes.subarray(at)]);
  },
  'an end that is missing': (bytes, random) => bytes.slice(0, random(bytes.length)),
  'noise at the end': (bytes, random) =>
    joinBytes([bytes, Uint8Array.from({ length: 1 + random(200) }, () => random(256))]),
  'zeros at the end': (bytes, random) => joinBytes([bytes, new Uint8Array(1 + random(200))]),
  nothing: () => new Uint8Array(0),
};

/** What can become of the files together. `other`: those of another recording. */
const folderMutations: Record<string, (files: MadeFile[], other: readonly MadeFile[], random: Random) => MadeFile[]> = {
  'a file that is missing': (files, _other, random) => {
    files.splice(random(files.length), 1);
    return files;
  },
  'two files that changed places': (files, _other, random) => {
    const one = random(files.length);
    const two = random(files.length);
    return files.map((file, index) => {
      const bytes = files[index === one ? two : index === two ? one : index]?.bytes ?? file.bytes;
      return { name: file.name, bytes };
    });
  },
  'no index': (files) => files.filter(({ name }) => name !== INDEX_NAME),
  'a file of another recording': (files, other, random) => {
    const name = files[random(files.length)]?.name;
    return files.map((file) => (file.name === name ? (other.find((one) => one.name === name) ?? file) : file));
  },
  'a part of another recording': (files, other, random) => {
    const foreign = other[random(other.length)]?.bytes ?? new Uint8Array(0);
    const { from, to } = part(foreign, random, foreign.length);
    const at = random(files.length);
    return files.map(({ name, bytes }, index) => {
      if (index !== at) return { name, bytes };
      const begin = random(bytes.length + 1);
      return { name, bytes: joinBytes([bytes.subarray(0, begin), foreign.subarray(from, to), bytes.subarray(begin)]) };
    });
  },
};

/**
 * Damages a recording once to three times; the given files stay as they are.
 * @returns its files, and what was done to them
 */
export function mutate(
  files: readonly MadeFile[],
  other: readonly MadeFile[],
  random: Random,
): { readonly files: readonly MadeFile[]; readonly done: string } {
  let mutated = files.map(({ name, bytes }) => ({ name, bytes: bytes.slice() }));
  const done: string[] = [];
  for (let left = 1 + random(3); left > 0 && mutated.length > 0; left -= 1) {
    if (random(6) === 0) {
      const [name, change] = Object.entries(folderMutations)[random(Object.keys(folderMutations).length)] ?? [];
      mutated = change?.(mutated, other, random) ?? mutated;
      done.push(name ?? '');
    } else {
      const file = mutated[random(mutated.length)];
      const [name, change] = Object.entries(fileMutations)[random(Object.keys(fileMutations).length)] ?? [];
      if (file === undefined || change === undefined || file.bytes.length === 0) continue;
      const bytes = change(file.bytes, random);
      mutated = mutated.map((one) => (one === file ? { name: one.name, bytes } : one));
      done.push(`${name} in ${file.name}`);
    }
  }
  return { files: mutated, done: done.join(', ') };
}
