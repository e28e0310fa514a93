/** Questions to DNS: by the system's own resolver, and by messages to chosen servers (RFC 1034, 1035). */
import {
  DNS_EDNS_BYTES,
  DNS_MESSAGE_BYTES,
  DNS_RETRIES_MOST,
  DNS_TIMEOUT_MOST_MS,
  DNS_TIMEOUT_MS,
} from '../../shared/dns-limits.ts';
import type { Field, Spec } from '../spec.ts';

const questionFields = [
  {
    type: 'text',
    id: 'types',
    label: 'types',
    help: 'What is asked for, with commas between: A, AAAA, CNAME, MX, NS, TXT, SRV, SOA, CAA, PTR, NAPTR, HTTPS, …, TYPE65. An address is asked for its PTR.',
    group: 'Question',
    default: 'A, AAAA',
  },
  {
    type: 'choice',
    id: 'class',
    label: 'class',
    help: 'IN: the internet. CH: what some servers say about themselves, such as version.bind TXT.',
    group: 'Question',
    default: 'IN',
    choices: [
      { value: 'IN', label: 'IN' },
      { value: 'CH', label: 'CH' },
    ],
  },
] as const satisfies readonly Field[];

const serverFields = [
  {
    type: 'text',
    id: 'servers',
    label: 'servers',
    help: 'One a line, side by side: system (getaddrinfo), configured (each server that this machine is set to use), 1.1.1.1, [::1]:5353, 127.0.0.1:53 tcp.',
    group: 'Servers',
    default: 'system',
    placeholder: 'system',
    multiline: true,
  },
  {
    type: 'choice',
    id: 'transport',
    label: 'transport',
    help: 'Of servers without one of their own. UDP: an answer that is cut off (TC) is asked for again over TCP.',
    group: 'Servers',
    default: 'udp',
    choices: [
      { value: 'udp', label: 'UDP, then TCP' },
      { value: 'udp-only', label: 'UDP only' },
      { value: 'tcp', label: 'TCP' },
    ],
  },
  {
    type: 'number',
    id: 'timeout',
    label: 'time-out',
    help: 'How long each attempt waits for its answer.',
    group: 'Servers',
    unit: 'ms',
    min: 1,
    max: DNS_TIMEOUT_MOST_MS,
    default: DNS_TIMEOUT_MS,
  },
  {
    type: 'number',
    id: 'retries',
    label: 'retries',
    help: 'How often a question is asked again when no answer came. An answer to an earlier attempt counts, too.',
    group: 'Servers',
    min: 0,
    max: DNS_RETRIES_MOST,
    default: 1,
  },
] as const satisfies readonly Field[];

const queryFields = [
  {
    type: 'boolean',
    id: 'recursion',
    label: 'recursion desired (RD)',
    help: 'Asks the server to find the answer out. Off: only what it knows by itself.',
    group: 'Query',
    default: true,
  },
  {
    type: 'boolean',
    id: 'checkingDisabled',
    label: 'checking disabled (CD)',
    help: 'Takes answers that a validating server would hold back because DNSSEC does not hold.',
    group: 'Query',
    default: false,
  },
  {
    type: 'boolean',
    id: 'authenticData',
    label: 'authentic data (AD)',
    help: 'Asks the server to say whether it has validated the answer by DNSSEC (RFC 6840 §5.7).',
    group: 'Query',
    default: false,
  },
  {
    type: 'number',
    id: 'ednsSize',
    label: 'EDNS size',
    help: 'Longest UDP answer that is taken (RFC 6891); what is below 512 counts as 512. 0 = a query without EDNS.',
    group: 'Query',
    unit: 'bytes',
    min: 0,
    max: DNS_MESSAGE_BYTES,
    default: DNS_EDNS_BYTES,
  },
  {
    type: 'boolean',
    id: 'dnssecOk',
    label: 'DNSSEC OK (DO)',
    help: 'Asks for signatures as well (RFC 3225). Needs EDNS.',
    group: 'Query',
    default: false,
  },
] as const satisfies readonly Field[];

const systemFields = [
  {
    type: 'choice',
    id: 'family',
    label: 'family',
    help: 'Which addresses the system looks up. auto: as the types say, A for IPv4 and AAAA for IPv6.',
    group: 'System lookup (getaddrinfo)',
    default: 'auto',
    choices: [
      { value: 'auto', label: 'auto' },
      { value: '4', label: 'IPv4' },
      { value: '6', label: 'IPv6' },
    ],
  },
  {
    type: 'boolean',
    id: 'ADDRCONFIG',
    label: 'ADDRCONFIG',
    help: 'dns.ADDRCONFIG: leaves out a family of which this machine has no address itself.',
    group: 'System lookup (getaddrinfo)',
    default: false,
  },
  {
    type: 'boolean',
    id: 'V4MAPPED',
    label: 'V4MAPPED',
    help: 'dns.V4MAPPED: with IPv6 and no such address, gives the IPv4 addresses as ::ffff:192.0.2.1.',
    group: 'System lookup (getaddrinfo)',
    default: false,
  },
  {
    type: 'boolean',
    id: 'ALL',
    label: 'ALL',
    help: 'dns.ALL: with V4MAPPED, gives the IPv6 addresses and the mapped ones.',
    group: 'System lookup (getaddrinfo)',
    default: false,
  },
  {
    type: 'choice',
    id: 'order',
    label: 'order',
    help: 'dns.lookup order. verbatim: as the system gives them.',
    group: 'System lookup (getaddrinfo)',
    default: 'verbatim',
    choices: [
      { value: 'verbatim', label: 'verbatim' },
      { value: 'ipv4first', label: 'ipv4first' },
      { value: 'ipv6first', label: 'ipv6first' },
    ],
  },
] as const satisfies readonly Field[];

/**
 * Kinds, and the keys of their meta. A peer is a server, with a new number at each lookup. Names are in presentation
 * format with their final dot; `unicodeName`, `unicodeData`: the same as people write it, when that differs.
 * `server` is the label of the server; a system lookup has the label `system`. `type`: what was asked for.
 *
 *   ask        a lookup begins. name, unicodeName, types, class, servers, reverseOf: the address whose name is asked for,
 *              getServers: what Node says that this machine is set to use
 *   query      out; the message. server, local, to, transport (udp, tcp), attempt from 1, id, name, type, class, flags,
 *              edns: size or 0, do
 *   answer     in; the message. server, from, transport, id, name, type, rcode, opcode unless QUERY, flags, ms since its
 *              query, attempt, late: the time-out of that attempt had passed, answers, authorities, additionals: records,
 *              final: false when it is cut off and TCP follows, edns: size, options, ede: errors of RFC 8914, extra: bytes
 *              behind it
 *   record     in; the data of one record. server, question: the type asked for, section, name, type, class, ttl (s), data,
 *              unicodeName, unicodeData, cut: data is longer, other: the owner is not the name that was asked for
 *   lookup     of the system: server, question, host, address, family, ms; host and code when it failed; host (an
 *              address), hostname, ms. Without `server` it is the name of a server that is looked up
 *   connect    over TCP. server, local, remote, ms
 *   truncated  server, name, type, bytes, next: tcp, or empty
 *   timeout    server, name, type, transport, attempt, ms
 *   retry      server, name, type, transport, attempt: the next, of
 *   mismatch   in; what came. server, from, name, type, why (id, address, question, not-an-answer), message
 *   malformed  in; what came. server, from, name, type, message
 *   failed     the question has no answer, or the answer is that there is none. server, name, type, code, errno, message,
 *              hint, ms
 */
export const dnsSpec = {
  id: 'dns',
  title: 'DNS lookup',
  tag: 'DNS',
  hue: 'dns',
  role: 'client',
  address: { placeholder: 'name or IP address', default: 'localhost' },
  verbs: { open: 'Look up', close: 'Cancel' },
  fields: [...questionFields, ...serverFields, ...queryFields, ...systemFields],
  kinds: [
    'ask',
    'query',
    'answer',
    'record',
    'lookup',
    'connect',
    'truncated',
    'timeout',
    'retry',
    'mismatch',
    'malformed',
    'failed',
  ],
  messageKinds: ['query', 'answer'],
  actions: [],
  asksOnly: true,
} as const satisfies Spec;
