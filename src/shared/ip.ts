/** IPv4 and IPv6 literals, read without Node so that the window can do it too. */

/** The four numbers of a dotted IPv4 address, or null. Leading zeros are refused, as `net.isIPv4` does. */
export function ipv4Bytes(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function hexGroups(text: string): number[] | null {
  if (text === '') return [];
  const parts = text.split(':');
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : null;
}

/**
 * The eight 16-bit groups of an IPv6 address (RFC 4291 §2.2), with an IPv4
 * tail and a zone (`fe80::1%eth0`) allowed, or null.
 */
export function ipv6Groups(text: string): readonly number[] | null {
  const percent = text.indexOf('%');
  if (percent === text.length - 1) return null;
  let address = percent === -1 ? text : text.slice(0, percent);

  const tail = /^(.*:)([^:]*\.[^:]*)$/.exec(address);
  if (tail !== null) {
    const [first, second, third, fourth] = ipv4Bytes(tail[2] ?? '') ?? [];
    if (first === undefined || second === undefined || third === undefined || fourth === undefined) return null;
    address = `${tail[1] ?? ''}${(first * 256 + second).toString(16)}:${(third * 256 + fourth).toString(16)}`;
  }

  const halves = address.split('::');
  if (halves.length > 2) return null;
  const head = hexGroups(halves[0] ?? '');
  const rest = halves[1] === undefined ? null : hexGroups(halves[1]);
  if (head === null) return null;
  if (halves.length === 1) return head.length === 8 ? head : null;
  if (rest === null || head.length + rest.length > 7) return null;
  return [...head, ...new Array<number>(8 - head.length - rest.length).fill(0), ...rest];
}

/** 4, 6, or null when the text is no IP literal. */
export function ipFamily(text: string): 4 | 6 | null {
  if (ipv4Bytes(text) !== null) return 4;
  return ipv6Groups(text) === null ? null : 6;
}

/** 127.0.0.0/8, ::1, and 127.0.0.0/8 written as an IPv4-mapped IPv6 address. */
export function isLoopbackIp(text: string): boolean {
  const four = ipv4Bytes(text);
  if (four !== null) return four[0] === 127;
  const six = ipv6Groups(text);
  if (six === null || six.slice(0, 5).some((group) => group !== 0)) return false;
  if (six[5] === 0xffff) return (six[6] ?? 0) >> 8 === 127;
  return six[5] === 0 && six[6] === 0 && six[7] === 1;
}
