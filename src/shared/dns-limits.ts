/** Limits of DNS, each with its reason. The others are in limits.ts. */

/** Octets of a label (RFC 1035 §2.3.4): its length has six bits. */
export const DNS_LABEL_BYTES = 63;

/** Octets of a name as it is sent, with the length before each label and the empty label at its end (RFC 1035 §2.3.4). */
export const DNS_NAME_BYTES = 255;

/** Pointers of one name: it has no more labels, and longer chains only cost the reader its time. */
export const DNS_POINTERS_MOST = 127;

/** What a name can have at most as text: four characters (`\255`) for each octet. More is not looked at. */
export const DNS_NAME_CHARACTERS = 4 * DNS_NAME_BYTES;

/** Longest message: over TCP its length has two octets (RFC 1035 §4.2.2), and UDP takes no more. */
export const DNS_MESSAGE_BYTES = 65_535;

/** Servers of one lookup: more columns than anybody compares, and each gets every question. */
export const DNS_SERVERS_MOST = 16;

/** Types of one lookup: all that are in use, and each is a question to every server. */
export const DNS_TYPES_MOST = 40;

/** Questions that wait for their answer at the same time: each holds a socket or two, and servers limit the rate. */
export const DNS_QUESTIONS_AT_ONCE = 24;

/** Longest time for one attempt: a resolver that asks far servers itself gives up after a tenth of it. */
export const DNS_TIMEOUT_MOST_MS = 120_000;

export const DNS_TIMEOUT_MS = 3000;

/** Attempts after the first: what is not answered then will not be. */
export const DNS_RETRIES_MOST = 10;

/** The size of UDP answers that is taken: what passes every network in one piece (DNS flag day 2020). */
export const DNS_EDNS_BYTES = 1232;

/** Least size that may be told (RFC 6891 §6.2.3). */
export const DNS_EDNS_LEAST_BYTES = 512;

/** Characters of a record's data that stand in its row; all of it is in the payload. A key of 4096 bits has 700. */
export const DNS_DATA_CHARACTERS = 4096;

/**
 * Answers to a question that are not its answer: after so many of them somebody is guessing, and it is given up
 * (RFC 5452 §9.3).
 */
export const DNS_STRAYS_MOST = 100;
