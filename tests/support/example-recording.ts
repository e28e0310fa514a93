/** The recording that docs/recording-format.md shows byte by byte: made by the writer of sessions. */
import { DiskRecording } from '../../src/engine/disk/disk-recording.ts';
import { kindTable } from '../../src/shared/record.ts';
import { MemoryFiles } from './memory-files.ts';

const folder = '/example';

/** @returns its files, by name */
export async function exampleRecording(): Promise<ReadonlyMap<string, Uint8Array>> {
  const disk = new MemoryFiles();
  const recording = new DiskRecording({
    folder,
    id: '20250102-030405-a1b2c3d4',
    protocol: 'tcp-client',
    address: '127.0.0.1:7',
    kinds: kindTable(['data']),
    startedAt: () => Date.UTC(2025, 0, 2, 3, 4, 5),
    writer: 'Wirebench 0.1.0',
    files: disk,
    quota: () => Infinity,
    whenBehind: () => 'pause',
  });
  recording.append(1, 0, 1_500_000, 0, null, { to: 'open' });
  recording.append(4, 1, 2_000_000_000, 1, new TextEncoder().encode('Hello\n'), null);
  await recording.flush();
  await recording.close();
  return new Map(disk.paths.map((path) => [path.slice(folder.length + 1), disk.contentOf(path)]));
}

/** Bytes as `hexdump -C` shows them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += 16) {
    const part = [...bytes.subarray(offset, offset + 16)];
    const hex = part.map((byte, index) => `${index === 8 ? ' ' : ''}${byte.toString(16).padStart(2, '0')}`).join(' ');
    const text = part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${offset.toString(16).padStart(8, '0')}  ${hex.padEnd(48)}  |${text}|`);
  }
  return lines.join('\n');
}
