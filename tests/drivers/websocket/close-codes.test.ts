import { describe, expect, it } from 'vitest';
import { closeMeaning, closeName, isSendable } from '../../../src/drivers/websocket/close-codes.ts';

describe('close codes', () => {
  it('may be sent when RFC 6455 or the registry allows it', () => {
    const sendable = Array.from({ length: 0x1_0000 }, (_, code) => code).filter(isSendable);
    const low = sendable.filter((code) => code < 3000);
    expect(low).toEqual([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]);
    expect(sendable.filter((code) => code >= 3000)).toEqual(Array.from({ length: 2000 }, (_, index) => 3000 + index));
  });

  it.each([
    [1000, 'Normal Closure'],
    [1006, 'Abnormal Closure'],
    [1015, 'TLS Handshake'],
    [1016, 'Reserved'],
    [3000, 'Unauthorized'],
    [3003, 'Forbidden'],
    [3008, 'Timeout'],
    [3001, 'Unregistered'],
    [4000, 'Private Use'],
    [999, 'Invalid'],
    [5000, 'Invalid'],
  ])('%i is called %s', (code, name) => {
    expect(closeName(code)).toBe(name);
    expect(closeMeaning(code)).toMatch(/^[A-Z].*\.$/);
  });

  it('have different meanings for each range', () => {
    const meanings = [1000, 1016, 3001, 4000, 999].map(closeMeaning);
    expect(new Set(meanings).size).toBe(5);
  });
});
