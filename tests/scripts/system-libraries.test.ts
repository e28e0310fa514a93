import { describe, expect, it } from 'vitest';
import { packagesFor, parseMissing } from '../../scripts/lib/system-libraries.mjs';

const LDD = `
	linux-vdso.so.1 (0x00007ffd)
	libnss3.so => not found
	libgbm.so.1 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libnss3.so => not found
`;

describe('missing system libraries', () => {
  it('are read from the output of ldd, each once', () => {
    expect(parseMissing(LDD)).toEqual(['libnss3.so', 'libgbm.so.1']);
  });

  it('are none when ldd found all', () => {
    expect(parseMissing('libc.so.6 => /lib/libc.so.6 (0x7f)')).toEqual([]);
  });

  it('are mapped to Debian packages, each package once', () => {
    const libraries = ['libnss3.so', 'libnssutil3.so', 'libgbm.so.1', 'libgtk-3.so.0', 'libasound.so.2'];
    expect(packagesFor(libraries, false)).toEqual(['libasound2', 'libgbm1', 'libgtk-3-0', 'libnss3']);
  });

  it('have the t64 names where the system has them', () => {
    expect(packagesFor(['libgtk-3.so.0', 'libasound.so.2', 'libgbm.so.1'], true)).toEqual([
      'libasound2t64',
      'libgbm1',
      'libgtk-3-0t64',
    ]);
  });

  it('are not mistaken for libraries whose names begin alike', () => {
    expect(packagesFor(['libX11-xcb.so.1'], false)).toEqual(['libx11-xcb1']);
  });
});
