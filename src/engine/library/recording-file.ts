/** `recording.json`: what History shows of a recording without looking into it (docs/recording-format.md). */
import { join } from 'node:path';
import { z } from 'zod';
import { sessionConfigSchema } from '../../shared/contract.ts';
import { RECORDING_NAME_CHARACTERS, RECORDING_PEERS_KEPT } from '../../shared/limits.ts';
import type { DiskFiles } from '../disk/disk-files.ts';
import { SUMMARY_NAME, type SegmentInfo } from '../disk/format.ts';
import { readSmallFile, replaceSmallFile } from './small-file.ts';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const recordingFileSchema = z.object({
  version: z.literal(1),
  /** Given by the person, or empty. */
  name: z.string().max(RECORDING_NAME_CHARACTERS).default(''),
  preset: z.string().default(''),
  protocol: z.string().max(40),
  address: z.string(),
  /** Of the session, as the person set them. */
  options: sessionConfigSchema.shape.options.default({}),
  /** Wall clock, ms since 1970. */
  startedAt: z.number(),
  endedAt: z.number().nullable().default(null),
  /** False while it is written, and after that when its writer was killed. */
  wasClosed: z.boolean().default(false),
  records: count.default(0),
  counters: z
    .object({ bytesIn: count, bytesOut: count, messagesIn: count, messagesOut: count })
    .default({ bytesIn: 0, bytesOut: 0, messagesIn: 0, messagesOut: 0 }),
  isPinned: z.boolean().default(false),
  /** Numbers and remote addresses of connections. */
  peers: z
    .array(z.tuple([z.number().int().min(1), z.string()]))
    .max(RECORDING_PEERS_KEPT)
    .default([]),
});
export type RecordingFile = Readonly<z.infer<typeof recordingFileSchema>>;

/** Null when there is none, or none that can be read as one. Rejects as the file system does. */
export async function readRecordingFile(files: DiskFiles, folder: string): Promise<RecordingFile | null> {
  const text = await readSmallFile(files, join(folder, SUMMARY_NAME));
  if (text === null) return null;
  try {
    const parsed = recordingFileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Rejects as the file system does. @param isDurable waits until it would survive a loss of power */
export function writeRecordingFile(
  files: DiskFiles,
  folder: string,
  file: RecordingFile,
  isDurable: boolean,
): Promise<void> {
  return replaceSmallFile(files, join(folder, SUMMARY_NAME), `${JSON.stringify(file, null, 1)}\n`, isDurable);
}

/** As much as can be said from the head of a segment. */
export function fileOfSegment({ protocol, address, startedAt }: SegmentInfo): RecordingFile {
  return recordingFileSchema.parse({ version: 1, protocol, address, startedAt });
}
