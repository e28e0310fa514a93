/**
 * Close codes: RFC 6455 §7.4.1 and the IANA registry "WebSocket Close Code Number".
 * https://www.iana.org/assignments/websocket/websocket.xhtml
 */

interface CloseCode {
  readonly name: string;
  readonly meaning: string;
}

const codes: ReadonlyMap<number, CloseCode> = new Map([
  [1000, { name: 'Normal Closure', meaning: 'The purpose of the connection has been fulfilled.' }],
  [1001, { name: 'Going Away', meaning: 'An endpoint goes away: a server stops, or a page is left.' }],
  [1002, { name: 'Protocol Error', meaning: 'An endpoint ends the connection because of a protocol error.' }],
  [1003, { name: 'Unsupported Data', meaning: 'An endpoint got a type of data that it cannot accept.' }],
  [1004, { name: 'Reserved', meaning: 'It has no meaning yet and must not be sent.' }],
  [1005, { name: 'No Status Received', meaning: 'The close frame had no code. This one is never sent.' }],
  [1006, { name: 'Abnormal Closure', meaning: 'The connection ended without a close frame. This code is never sent.' }],
  [
    1007,
    {
      name: 'Invalid Frame Payload Data',
      meaning: 'A message was not what its type says, such as text that is no UTF-8.',
    },
  ],
  [1008, { name: 'Policy Violation', meaning: 'A message broke a rule of the endpoint that got it.' }],
  [1009, { name: 'Message Too Big', meaning: 'A message was too big to be processed.' }],
  [1010, { name: 'Mandatory Extension', meaning: 'The client needs an extension that the server did not agree to.' }],
  [1011, { name: 'Internal Error', meaning: 'The server met a condition that keeps it from going on.' }],
  [
    1012,
    { name: 'Service Restart', meaning: 'The service restarts; a client may connect again after 5 to 30 seconds.' },
  ],
  [
    1013,
    { name: 'Try Again Later', meaning: 'The service is overloaded; a client should connect elsewhere or later.' },
  ],
  [1014, { name: 'Bad Gateway', meaning: 'A gateway got an invalid answer from the server behind it.' }],
  [1015, { name: 'TLS Handshake', meaning: 'The TLS handshake failed. This code is never sent.' }],
  [3000, { name: 'Unauthorized', meaning: 'The endpoint wants a proof of identity that it did not get.' }],
  [3003, { name: 'Forbidden', meaning: 'The endpoint knows who asks and does not allow it.' }],
  [3008, { name: 'Timeout', meaning: 'Something took the endpoint too long.' }],
]);

/** All that are registered, ascending. */
export const closeCodes: readonly number[] = [...codes.keys()];

/** Whether the code may stand in a close frame (RFC 6455 §7.4). */
export function isSendable(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** @returns the registered name, or the name of the range that the code is in (RFC 6455 §7.4.2) */
export function closeName(code: number): string {
  const known = codes.get(code);
  if (known !== undefined) return known.name;
  if (code >= 4000 && code <= 4999) return 'Private Use';
  if (code >= 3000 && code <= 3999) return 'Unregistered';
  return code >= 1000 && code <= 2999 ? 'Reserved' : 'Invalid';
}

/** @returns a sentence for a person */
export function closeMeaning(code: number): string {
  const known = codes.get(code);
  if (known !== undefined) return known.meaning;
  if (code >= 4000 && code <= 4999) return 'The application gives this code its meaning.';
  if (code >= 3000 && code <= 3999) return 'A library or framework gives this code its meaning; it is not registered.';
  return code >= 1000 && code <= 2999
    ? 'It is reserved for the protocol and has no meaning yet; it must not be sent.'
    : 'No close frame may have this code.';
}
