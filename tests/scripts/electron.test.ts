import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { binaryName, downloadAddress, probe } from '../../scripts/lib/electron-official.mjs';

/** Serves one status code on every path while `use` runs. */
async function withServer(status: number, use: (address: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  try {
    await use(`http://127.0.0.1:${port}/electron.zip`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the official Electron', () => {
  it('comes from the releases of the project', () => {
    expect(downloadAddress('45.4.1', {}, 'linux', 'x64')).toBe(
      'https://github.com/electron/electron/releases/download/v45.4.1/electron-v45.4.1-linux-x64.zip',
    );
  });

  it('comes from a mirror where one is named', () => {
    const env = { ELECTRON_MIRROR: 'https://mirror.test/electron/', ELECTRON_CUSTOM_DIR: '{{ version }}' };
    expect(downloadAddress('45.4.1', env, 'darwin', 'arm64')).toBe(
      'https://mirror.test/electron/45.4.1/electron-v45.4.1-darwin-arm64.zip',
    );
  });

  it('is inside an application bundle on macOS', () => {
    expect(binaryName('darwin')).toBe('Electron.app/Contents/MacOS/Electron');
  });
});

describe('probing the download', () => {
  it('finds a host that answers', async () => {
    await withServer(206, async (address) => {
      expect(await probe(address)).toBeNull();
    });
  });

  it('tells the status of a host that refuses', async () => {
    await withServer(403, async (address) => {
      expect(await probe(address)).toBe('HTTP 403');
    });
  });

  it('tells the errno of a host that is not there', async () => {
    let closed = '';
    await withServer(206, (address) => {
      closed = address;
      return Promise.resolve();
    });
    expect(await probe(closed)).toBe('ECONNREFUSED');
  });
});
