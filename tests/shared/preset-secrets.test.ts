import { describe, expect, it } from 'vitest';
import { plainSecrets, withVariables, type SecretHolder } from '../../src/shared/preset-secrets.ts';

/** What was found as `place what=value`. */
function found(holder: SecretHolder, secretOptions: readonly string[] = ['authPassword']): readonly string[] {
  return plainSecrets(holder, secretOptions).map(
    ({ option, what, value }) => `${option ?? 'address'} ${what}=${value}`,
  );
}

describe('what is secret in a preset', () => {
  it('is a password or a lone name before the host, and what a query calls a token', () => {
    const at = (address: string): readonly string[] => found({ address, options: {} });
    expect(at('wss://anna:p:w@h/')).toEqual(['address password=p:w']);
    expect(at('ws://t0ken@h/')).toEqual(['address name=t0ken']);
    expect(at('wss://h/a?room=1&access_token=abc&api-key=#x')).toEqual(['address access_token=abc']);
    expect(at('wss://h/?key=room&keyword=x&tokens=2')).toEqual([]);
    expect(at('127.0.0.1:9000')).toEqual([]);
    expect(at('ws://h/path@x:y')).toEqual([]);
  });

  it('is an option that the protocol says is secret, and headers that authorize', () => {
    const headers =
      'X-Test: 1\nAuthorization: Bearer abc def \r\n x-api-key:  k1\nProxy-Authorization: raw\nCookie: a=1';
    expect(found({ address: '', options: { authPassword: 's3cret', name: 'anna', headers, redirects: 3 } })).toEqual([
      'authPassword authPassword=s3cret',
      'headers authorization=abc def',
      'headers x-api-key=k1',
      'headers authorization=raw',
    ]);
  });

  it('is nothing that is a variable already', () => {
    const options = { authPassword: '{{password}}', headers: 'Authorization: Bearer {{token}}' };
    expect(found({ address: 'ws://a:{{p}}@h/?token={{t}}', options })).toEqual([]);
    expect(found({ address: '', options: { authPassword: '' } })).toEqual([]);
  });

  it('is found soon in texts that are made to be slow', () => {
    const long = ' '.repeat(60_000);
    expect(
      found({
        address: `ws://${'a:'.repeat(900)}`,
        options: { headers: `X:${long}x\n${long}\n${'a'.repeat(60_000)}` },
      }),
    ).toEqual([]);
  });
});

describe('variables in the place of secrets', () => {
  it('stand exactly where they stood', () => {
    const holder = {
      address: 'wss://anna:pw@h/?a=1&token=t1&b=2',
      options: { authPassword: 'x', headers: 'A: 1\nAuthorization: Basic abc\nX-Api-Key: k', n: 1 },
    };
    const changed = withVariables(holder, plainSecrets(holder, ['authPassword']), ({ what }) => what);
    expect(changed).toEqual({
      address: 'wss://anna:{{password}}@h/?a=1&token={{token}}&b=2',
      options: {
        authPassword: '{{authPassword}}',
        headers: 'A: 1\nAuthorization: Basic {{authorization}}\nX-Api-Key: {{x-api-key}}',
        n: 1,
      },
    });
    expect(plainSecrets(changed, ['authPassword'])).toEqual([]);
  });
});
