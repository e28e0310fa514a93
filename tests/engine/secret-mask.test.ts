import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SecretMask } from '../../src/engine/environments/secret-mask.ts';
import { failure } from '../../src/shared/errors.ts';

function maskOf(...secrets: string[]): SecretMask {
  const mask = new SecretMask();
  mask.add(secrets);
  return mask;
}

describe('masking secrets', () => {
  it('hides them wherever they are, however they are written', () => {
    const mask = maskOf('Tok+en/1');
    expect(mask.text('a Tok+en/1, a tok+EN/1, a Tok%2Ben%2F1')).toBe('a •••, a •••, a •••');
  });

  it('hides them in errors, with all their words', () => {
    const { error } = failure('bad-address', 'The host “s3cret” is bad.', 'Not s3cret.', { field: 'address' });
    expect(maskOf('s3cret').error(error)).toEqual({
      code: 'bad-address',
      message: 'The host “•••” is bad.',
      hint: 'Not •••.',
      field: 'address',
    });
  });

  it('hides them in facts, and leaves all that is no text', () => {
    expect(maskOf('10.0.0.7').values({ remoteAddress: '10.0.0.7', remotePort: 7, x: null, y: true })).toEqual({
      remoteAddress: '•••',
      remotePort: 7,
      x: null,
      y: true,
    });
  });

  it('hides what was cut in the middle of one', () => {
    const secret = 'abcdefghijklmnop';
    expect(maskOf(secret).text('The host “abcdefghij…” is too long… yes')).toBe('The host “•••…” is too long… yes');
    expect(maskOf(secret).text('“xyz…” and “abcdefgh…”')).toBe('“xyz…” and “•••…”');
  });

  it('hides the parts of an address', () => {
    const mask = new SecretMask();
    const address = 'wss://anna:p4ssword@inner.example:8443/room?key=k3y9';
    mask.add([address]);
    expect(mask.text('inner.example refused')).toBe('inner.example refused');
    mask.add([address], true);
    mask.add([address]);
    for (const part of ['inner.example', '8443', 'p4ssword', 'k3y9', 'room']) {
      expect(mask.text(`Connecting to ${part} failed.`)).toBe('Connecting to ••• failed.');
    }
    mask.add(['[fe80::7]:9000'], true);
    expect(mask.text('fe80::7 over wss')).toBe('••• over wss');
  });

  it('hides a host in the form that DNS wants', () => {
    expect(maskOf('bücher.example').text('xn--bcher-kva.example was not found')).toBe('••• was not found');
  });

  it('hides each line of one that has many', () => {
    expect(maskOf('X-Key: abc\r\nX-Other: def').text('The header “X-Other: def” is bad.')).toBe(
      'The header “•••” is bad.',
    );
  });

  it('hides a short one only where it stands alone', () => {
    expect(maskOf('7').text('7, 127.0.0.1:7, 77 and a7')).toBe('•••, 127.0.0.1:•••, 77 and a7');
  });

  it('takes signs of regular expressions as what they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: 'binary' }), (secret) => {
        fc.pre(!'•…“”'.split('').some((sign) => secret.includes(sign)) && secret.trim() !== '');
        const shown = maskOf(secret).text(`“${secret}”`);
        expect(shown).toBe('“•••”');
      }),
      { numRuns: 1000 },
    );
  });

  it('hides them in bugs, which go to the log', () => {
    const masked = maskOf('s3cret').bug(new Error('at s3cret'));
    expect(masked).toBeInstanceOf(Error);
    expect(masked instanceof Error && `${masked.message}${masked.stack ?? ''}`).not.toContain('s3cret');
    expect(maskOf('s3cret').bug('s3cret')).toBe('•••');
  });

  it('changes nothing while there are none', () => {
    const { error } = failure('internal', 'x');
    const mask = maskOf('');
    expect(mask.error(error)).toBe(error);
    expect(mask.text('x')).toBe('x');
  });
});
