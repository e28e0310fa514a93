/** Limits of finding connections, each with its reason. */

/** Characters of what a connection is found by: more than any address has. */
export const PEER_QUERY_CHARACTERS = 256;
