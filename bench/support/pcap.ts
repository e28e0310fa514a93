/** The same messages as a capture file, so that tshark has the same to open. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { messageOf } from './filled.ts';

/** Headers of Ethernet, IPv4 and TCP without options. */
const HEADERS_BYTES = 14 + 20 + 20;

/** libpcap file format: magic for µs, version 2.4, link type 1 (Ethernet). */
function fileHeader(): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt16LE(2, 4);
  bytes.writeUInt16LE(4, 6);
  bytes.writeUInt32LE(65_535, 16);
  bytes.writeUInt32LE(1, 20);
  return bytes;
}

/** One TCP segment from 127.0.0.1:9000 to 127.0.0.1:50000, in order in its stream (RFC 9293, 3.1; RFC 791, 3.1). */
function packet(index: number, sequence: number, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(16 + HEADERS_BYTES + payload.length);
  const length = HEADERS_BYTES + payload.length;
  bytes.writeUInt32LE(1_700_000_000 + Math.floor(index / 50_000), 0);
  bytes.writeUInt32LE((index % 50_000) * 20, 4);
  bytes.writeUInt32LE(length, 8);
  bytes.writeUInt32LE(length, 12);
  const ip = 16 + 14;
  bytes.writeUInt16BE(0x0800, ip - 2);
  bytes.writeUInt8(0x45, ip);
  bytes.writeUInt16BE(length - 14, ip + 2);
  bytes.writeUInt8(64, ip + 8);
  bytes.writeUInt8(6, ip + 9);
  bytes.writeUInt32BE(0x7f000001, ip + 12);
  bytes.writeUInt32BE(0x7f000001, ip + 16);
  const tcp = ip + 20;
  bytes.writeUInt16BE(9000, tcp);
  bytes.writeUInt16BE(50_000, tcp + 2);
  bytes.writeUInt32BE(sequence, tcp + 4);
  bytes.writeUInt32BE(1, tcp + 8);
  bytes.writeUInt16BE(0x5018, tcp + 12);
  bytes.writeUInt16BE(65_535, tcp + 14);
  payload.copy(bytes, 16 + HEADERS_BYTES);
  return bytes;
}

/** Writes a capture with one packet for each message. */
export async function writeCapture(path: string, messages: number): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 4 * 1024 * 1024 });
  file.write(fileHeader());
  let sequence = 1;
  for (let index = 0; index < messages; index += 1) {
    const payload = Buffer.from(messageOf(index));
    if (!file.write(packet(index, sequence, payload))) await once(file, 'drain');
    sequence = (sequence + payload.length) % 2 ** 32;
  }
  file.end();
  await once(file, 'close');
}
