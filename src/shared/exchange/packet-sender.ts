/**
 * What Packet Sender exports (File › Export Packets, *.json): a list of
 * packets, each `{ name, hexstring, asciistring, fromip, fromport, toip, port,
 * tcporudp, sendresponse, repeat, requestpath, errorstring }`, numbers mostly
 * as text. Source: `Packet::ExportJSON` in src/packet.cpp of
 * github.com/dannagle/PacketSender; macros: its README, "Macros".
 */
import { formatEndpoint } from '../address.ts';
import { parseHex } from '../hex-text.ts';
import type { Findings } from './findings.ts';
import { bytesMessage } from './found-message.ts';
import { isObject, nameAt, numberAt, textAt, valueAt, type JsonObject } from './json.ts';

export const PACKET_SENDER = 'Packet Sender export';
const FOLDER = 'Packet Sender';

export function isPacketSender(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.some((item) => isObject(item) && Object.hasOwn(item, 'tcporudp'));
}

/** Macros that have a match here. Packet Sender puts them in when a packet is sent. */
const macros: ReadonlyMap<string, string> = new Map([
  ['{{UNIXTIME}}', '{{$timestamp}}'],
  ['{{UNIQUE}}', '{{$uuid}}'],
  ['{{RANDOM}}', '{{$randomInt 0 2147483647}}'],
  ['{{COUNTER}}', '{{$counter}}'],
]);

const otherMacros = /\{\{(DATE|TIME)\}\}/g;

/** Text in which two braces were written as escapes, with the macros as generators of ours. */
function withMacros(content: string, where: string, findings: Findings): string {
  let converted = content;
  for (const [macro, generator] of macros) converted = converted.replaceAll(`\\x7b${macro.slice(1)}`, generator);
  for (const [written] of content.replaceAll('\\x7b', '{').matchAll(otherMacros)) {
    findings.leave(where, `The macro ${written} has no match here; it is sent as it is written.`);
  }
  return converted;
}

function packet(item: JsonObject, index: number, findings: Findings): void {
  const name = nameAt(item, 'name') || `Packet ${index + 1}`;
  const where = `${FOLDER} / ${name}`;
  const protocol = nameAt(item, 'tcporudp');
  if (protocol.toLowerCase() !== 'tcp') {
    findings.leave(where, `${protocol === '' ? 'A packet without protocol' : protocol} is not understood, only TCP.`);
    return;
  }
  const host = nameAt(item, 'toip');
  const port = numberAt(item, 'port');
  if (host === '' || port === null || !Number.isInteger(port) || port < 1 || port > 65_535) {
    findings.leave(where, `${host}:${nameAt(item, 'port')} is no address.`);
    return;
  }
  const bytes = parseHex(textAt(item, 'hexstring'));
  if (!bytes.ok) findings.leave(`${where} › data`, bytes.error.message);
  const message = bytes.ok ? bytesMessage(name, bytes.value) : null;
  if ((numberAt(item, 'repeat') ?? 0) > 0) findings.leave(`${where} › repeat`, 'Sending by itself is not kept.');
  if (textAt(item, 'requestpath') !== '') findings.leave(`${where} › requestpath`, 'It is for HTTP only.');
  findings.preset([FOLDER], {
    name,
    protocol: 'tcp-client',
    address: formatEndpoint({ type: 'ip', host: host.replace(/^\[|\]$/g, ''), port }),
    messages:
      message === null || message.content === ''
        ? []
        : [message.format === 'Text' ? { ...message, content: withMacros(message.content, where, findings) } : message],
  });
}

/** @param packets as exported */
export function readPacketSender(packets: readonly unknown[], findings: Findings): void {
  for (const [index, item] of packets.entries()) {
    if (isObject(item) && valueAt(item, 'tcporudp') !== undefined) packet(item, index, findings);
    else findings.leave(`Packet ${index + 1}`, 'It is no packet.');
  }
}
