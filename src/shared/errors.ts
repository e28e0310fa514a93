/**
 * Errors as data. An expected failure is a value that says what happened, to
 * which peer, why and what to try; a bug throws.
 */

/** Stable codes. They are listed with their meaning in docs/errors.md; never renamed, only added. */
export const errorCodes = [
  'bad-request',
  'bad-address',
  'bad-option',
  'bad-message',
  'bad-filter',
  'not-found',
  'not-open',
  'already-open',
  'not-supported',
  'cancelled',
  'gone',
  'busy',
  'read-only',
  'bad-recording',
  'newer-recording',
  'disk-full',
  'bad-preset',
  'newer-preset',
  'conflict',
  'already-exists',
  'unknown-variable',
  'bad-import',
  'bad-link',
  'connection-refused',
  'connection-reset',
  'connection-timed-out',
  'connection-aborted',
  'broken-pipe',
  'host-not-found',
  'lookup-failed',
  'host-unreachable',
  'network-unreachable',
  'address-in-use',
  'address-not-available',
  'permission-denied',
  'file-not-found',
  'file-unreadable',
  'too-many-open-files',
  'message-too-long',
  'not-websocket',
  'bad-handshake',
  'protocol-violation',
  'closed-abnormally',
  'tls-failed',
  'certificate-expired',
  'certificate-not-trusted',
  'certificate-wrong-host',
  'certificate-refused',
  'proxy-failed',
  'dns-nxdomain',
  'dns-no-data',
  'dns-servfail',
  'dns-refused',
  'dns-formerr',
  'dns-notimp',
  'dns-failed',
  'dns-timed-out',
  'dns-malformed',
  'dns-mismatch',
  'dns-truncated',
  'storage-failed',
  'disconnected',
  'system-error',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * `message` is a whole sentence for a person: what, which peer, why, with the
 * errno in brackets where the system gave one. `hint` is a remedy, or empty.
 * `field` names the form field at fault.
 */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly errno?: string | undefined;
  readonly field?: string | undefined;
}

/** What an operation that can fail in an expected way returns. */
export type Outcome<T = undefined> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

export function success(): Outcome;
export function success<T>(value: T): Outcome<T>;
export function success(value?: unknown): Outcome<unknown> {
  return { ok: true, value };
}

export function failure(
  code: ErrorCode,
  message: string,
  hint = '',
  more: { readonly errno?: string; readonly field?: string } = {},
): { readonly ok: false; readonly error: WireError } {
  return { ok: false, error: { code, message, hint, ...more } };
}

/** The one sentence (or two) that a person reads. */
export function sentence(error: WireError): string {
  return error.hint === '' ? error.message : `${error.message} ${error.hint}`;
}
