import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acceptDeflateResponse,
  answerDeflateOffer,
  offerDeflate,
  type DeflateAgreement,
  type DeflateWishes,
} from '../../../src/drivers/websocket/extension.ts';

const none: DeflateWishes = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: null,
  clientMaxWindowBits: null,
};
const plain: DeflateAgreement = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};
const name = 'permessage-deflate';

describe('a client', () => {
  it.each<[Partial<DeflateWishes>, string]>([
    [{}, name],
    [{ clientMaxWindowBits: 'any' }, `${name}; client_max_window_bits`],
    [
      {
        serverNoContextTakeover: true,
        clientNoContextTakeover: true,
        serverMaxWindowBits: 10,
        clientMaxWindowBits: 12,
      },
      `${name}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10; client_max_window_bits=12`,
    ],
  ])('offers %j', (wishes, header) => {
    expect(offerDeflate({ ...none, ...wishes })).toBe(header);
  });

  it.each<[string, Partial<DeflateWishes>, string | null, Partial<DeflateAgreement> | null]>([
    ['no extension', {}, null, null],
    ['the plain one', {}, name, {}],
    [
      'parameters in quotes',
      { clientMaxWindowBits: 'any' },
      `${name}; client_max_window_bits="9"`,
      { clientMaxWindowBits: 9 },
    ],
    [
      'what was not offered but is allowed',
      {},
      `${name}; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8`,
      { serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 8 },
    ],
    [
      'a smaller window than offered',
      { serverMaxWindowBits: 12 },
      `${name}; server_max_window_bits=11`,
      { serverMaxWindowBits: 11 },
    ],
    [
      'the window as offered',
      { clientMaxWindowBits: 12 },
      `${name}; client_max_window_bits=12`,
      { clientMaxWindowBits: 12 },
    ],
    ['nothing of what was wished', { serverNoContextTakeover: true, serverMaxWindowBits: 9 }, name, {}],
  ])('agrees to %s', (_name, wishes, header, expected) => {
    const result = acceptDeflateResponse({ ...none, ...wishes }, header);
    expect(result).toEqual({ ok: true, value: expected === null ? null : { ...plain, ...expected } });
  });

  it.each<[string, Partial<DeflateWishes> | null, string]>([
    ['an extension when none was offered', null, name],
    ['another extension', {}, 'x-webkit-deflate-frame'],
    ['another extension beside it', {}, `${name}, bbf-usp-protocol`],
    ['it twice', {}, `${name}, ${name}`],
    ['a header that cannot be read', {}, `${name};`],
    ['an empty header', {}, ''],
    ['an unknown parameter', {}, `${name}; max_window_bits=10`],
    ['a parameter in other letters', {}, `${name}; Server_No_Context_Takeover`],
    ['a parameter twice', {}, `${name}; server_no_context_takeover; server_no_context_takeover`],
    ['a value where none may be', {}, `${name}; server_no_context_takeover=true`],
    ['a window without a value', {}, `${name}; server_max_window_bits`],
    ['a window that is too small', {}, `${name}; server_max_window_bits=7`],
    ['a window that is too large', {}, `${name}; server_max_window_bits=16`],
    ['a window with a leading zero', {}, `${name}; server_max_window_bits=08`],
    ['a window that is no number', {}, `${name}; server_max_window_bits=1e1`],
    ['a larger window than offered', { serverMaxWindowBits: 9 }, `${name}; server_max_window_bits=10`],
    ['client_max_window_bits that was not offered', {}, `${name}; client_max_window_bits=10`],
    ['client_max_window_bits without a value', { clientMaxWindowBits: 'any' }, `${name}; client_max_window_bits`],
    ['a larger client window than offered', { clientMaxWindowBits: 9 }, `${name}; client_max_window_bits=10`],
  ])('refuses %s', (_name, wishes, header) => {
    const result = acceptDeflateResponse(wishes === null ? null : { ...none, ...wishes }, header);
    expect(result.ok ? 'accepted' : result.problem).toMatch(/^[A-Zp].+\.$/);
  });
});

describe('a server', () => {
  it.each<[string, Partial<DeflateWishes>, string, string, Partial<DeflateAgreement>]>([
    ['the plain offer', {}, name, name, {}],
    ['an offer that lets it choose', {}, `${name}; client_max_window_bits`, name, {}],
    [
      'it in its own way',
      { clientMaxWindowBits: 10 },
      `${name}; client_max_window_bits`,
      `${name}; client_max_window_bits=10`,
      { clientMaxWindowBits: 10 },
    ],
    [
      'the smaller client window',
      { clientMaxWindowBits: 12 },
      `${name}; client_max_window_bits=9`,
      `${name}; client_max_window_bits=9`,
      { clientMaxWindowBits: 9 },
    ],
    [
      'the client window that it is offered',
      {},
      `${name}; client_max_window_bits=9`,
      `${name}; client_max_window_bits=9`,
      { clientMaxWindowBits: 9 },
    ],
    ['an offer without the client window that it wishes for', { clientMaxWindowBits: 10 }, name, name, {}],
    [
      'the smaller server window',
      { serverMaxWindowBits: 10 },
      `${name}; server_max_window_bits=12`,
      `${name}; server_max_window_bits=10`,
      { serverMaxWindowBits: 10 },
    ],
    [
      'the server window that it is asked for',
      {},
      `${name}; server_max_window_bits=8`,
      `${name}; server_max_window_bits=8`,
      { serverMaxWindowBits: 8 },
    ],
    [
      'a server window that nobody has asked for',
      { serverMaxWindowBits: 10 },
      name,
      `${name}; server_max_window_bits=10`,
      { serverMaxWindowBits: 10 },
    ],
    [
      'what the client wishes for',
      {},
      `${name}; server_no_context_takeover; client_no_context_takeover`,
      `${name}; server_no_context_takeover; client_no_context_takeover`,
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
    ],
    [
      'what it wishes for itself',
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
      name,
      `${name}; server_no_context_takeover; client_no_context_takeover`,
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
    ],
    [
      'the first offer that is valid',
      {},
      `foo, ${name}; bar, ${name}; server_max_window_bits=20, ${name}; server_max_window_bits="10", ${name}`,
      `${name}; server_max_window_bits=10`,
      { serverMaxWindowBits: 10 },
    ],
  ])('takes %s', (_name, wishes, offer, header, expected) => {
    const result = answerDeflateOffer({ ...none, ...wishes }, offer);
    expect(result).toEqual({ ok: true, value: { header, agreement: { ...plain, ...expected } } });
  });

  it.each([
    ['nothing', null],
    ['something else', 'foo; bar'],
    ['an unknown parameter', `${name}; foo`],
    ['a parameter twice', `${name}; client_max_window_bits; client_max_window_bits=10`],
    ['a value where none may be', `${name}; client_no_context_takeover=1`],
    ['a server window without a value', `${name}; server_max_window_bits`],
    ['a client window that is too small', `${name}; client_max_window_bits=7`],
    ['an empty value', `${name}; client_max_window_bits=+9`],
  ])('goes without compression when it is offered %s', (_name, offer) => {
    expect(answerDeflateOffer(none, offer)).toEqual({ ok: true, value: null });
  });

  it('says what is wrong with a header that cannot be read', () => {
    expect(answerDeflateOffer(none, `${name};;`)).toMatchObject({ ok: false });
  });
});

describe('our client and our server', () => {
  const bits = fc.integer({ min: 8, max: 15 });
  const wishes = fc.record({
    serverNoContextTakeover: fc.boolean(),
    clientNoContextTakeover: fc.boolean(),
    serverMaxWindowBits: fc.option(bits),
    clientMaxWindowBits: fc.oneof(fc.option(bits), fc.constant<'any'>('any')),
  });

  it('always agree, and to the same', () => {
    fc.assert(
      fc.property(wishes, wishes, (client, server) => {
        const answer = answerDeflateOffer(server, offerDeflate(client));
        if (!answer.ok || answer.value === null) throw new Error('the server does not agree');
        expect(acceptDeflateResponse(client, answer.value.header)).toEqual({ ok: true, value: answer.value.agreement });
      }),
      { numRuns: 1000 },
    );
  });
});
