import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isCommandLine, readCommandLine } from '../../../src/shared/exchange/command-line.ts';
import { copyAs, type CopySource } from '../../../src/shared/exchange/copy-as.ts';
import { copyTargetsOf, type CopyTarget } from '../../../src/shared/exchange/copy-targets.ts';
import { readShellLine } from '../../../src/shared/exchange/shell-words.ts';
import { encodeMessage } from '../../../src/shared/message-format.ts';
import { savedMessageSchema, type SavedMessage } from '../../../src/shared/preset.ts';
import { composerSchema } from '../../../src/shared/workspace.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';
import { anyText } from '../../support/preset-arbitrary.ts';

const protocols = ['tcp-client', 'tcp-server', 'websocket-client', 'websocket-server'] as const;
const tools: readonly CopyTarget[] = ['websocat', 'wscat', 'nc', 'socat'];

function messageOf(content: string, more: Partial<SavedMessage> = {}): SavedMessage {
  return savedMessageSchema.parse({ content, ...more });
}

function source(protocol: string, address: string, options: CopySource['options'] = {}, content?: string): CopySource {
  return { protocol, address, options, message: content === undefined ? null : messageOf(content) };
}

function bytesOf({ format, content, lineEnding, encoding }: SavedMessage): string {
  const draft = composerSchema.parse({ format, lineEnding, encoding, [format.toLowerCase()]: content });
  return Buffer.from(valueOf(encodeMessage(draft))).toString('hex');
}

describe('copy as', () => {
  it.each<readonly [CopyTarget, CopySource, string]>([
    [
      'nc',
      source('tcp-client', '[::1]:80', { family: '6', localPort: 9 }, 'a\\r\\n'),
      `printf 'a\\r\\n' | nc -6 -p 9 ::1 80\n`,
    ],
    ['nc', source('tcp-server', '9000'), 'nc -lk 127.0.0.1 9000\n'],
    // Half of a character, which no URL can have.
    [
      'wscat',
      source('websocket-client', 'ws://h/', { proxy: 'http', proxyName: '\ud800', proxyAddress: 'p:1' }),
      'wscat -c ws://h/ --proxy=http://%EF%BF%BD:@p:1\n',
    ],
    ['nc', source('tcp-client', 'unix:x.sock'), 'nc -U x.sock\n'],
    [
      'socat',
      source('tcp-client', 'h:80', { setNoDelay: true }, 'a'),
      `printf '%s' a | socat -,ignoreeof TCP:h:80,nodelay\n`,
    ],
    [
      'socat',
      source('tcp-server', '127.0.0.1:9', { behaviour: 'echo' }),
      'socat TCP-LISTEN:9,bind=127.0.0.1,reuseaddr,fork PIPE\n',
    ],
    [
      'wscat',
      source('websocket-client', 'ws://h/', { origin: 'o', subprotocols: 'a, b' }),
      'wscat -c ws://h/ --origin=o --subprotocol=a --subprotocol=b\n',
    ],
    ['websocat', source('websocket-client', 'ws://h/', { headers: 'X: y z' }), `websocat '--header=X: y z' ws://h/\n`],
    [
      'websocat',
      source('websocket-server', '127.0.0.1:8080', { behaviour: 'broadcast' }),
      'websocat -t ws-l:127.0.0.1:8080 broadcast:mirror:\n',
    ],
  ])('%s', (target, from, expected) => {
    expect(valueOf(copyAs(from, target))).toBe(expected);
  });

  it('says in comments what the program cannot do, without secrets', () => {
    const text = valueOf(
      copyAs(
        source('tcp-client', 'h:1', { sha256: true, setTimeout: 5, notesKey: 'hush', evil: 'x\nrm -rf /\u2028y' }),
        'nc',
      ),
    );
    expect(text.split('\n')).toEqual([
      '# Not in it: nc has no option for sha256: true',
      '# Not in it: nc has no option for setTimeout: 5',
      '# Not in it: nc has no option for notesKey',
      '# Not in it: nc has no option for evil: x rm -rf / y',
      'nc h 1',
      '',
    ]);
  });

  it('leaves variables as they are, and names them', () => {
    const from = source(
      'websocket-client',
      'wss://{{host}}/',
      { auth: 'bearer', authToken: '{{token}}' },
      'hi {{name}}',
    );
    for (const { id } of copyTargetsOf(from.protocol)) {
      const text = valueOf(copyAs(from, id));
      for (const variable of ['{{host}}', '{{token}}', '{{name}}']) {
        expect(text.split('\n')[0]).toContain(variable);
        expect(text.split(variable).length).toBeGreaterThan(2);
      }
    }
    expect(valueOf(copyAs(source('tcp-client', '{{host}}:{{port}}'), 'socat'))).toContain("'TCP:{{host}}:{{port}}'");
    expect(errorOf(copyAs(source('tcp-client', '{{server}}'), 'nc')).code).toBe('bad-address');
  });

  it('writes two braces that are no variable as two braces', () => {
    expect(valueOf(copyAs(source('tcp-client', 'h:1', {}, 'a {{"{{"}}b}}'), 'nc'))).toContain("'a {{b}}'");
  });

  it('refuses what is no address, and what the program does not have', () => {
    for (const { id } of copyTargetsOf('tcp-client')) {
      expect(errorOf(copyAs(source('tcp-client', 'h'), id)).code).toBe('bad-address');
    }
    for (const { id } of copyTargetsOf('websocket-client')) {
      expect(errorOf(copyAs(source('websocket-client', '-x'), id)).code).toBe('bad-address');
    }
    expect(errorOf(copyAs(source('tcp-client', 'h:1'), 'wscat')).code).toBe('not-supported');
  });
});

const host = fc.constantFrom('127.0.0.1', 'localhost', '-h', '[::1]', '{{host}}', 'bücher.example', 'a_b');
const address = fc.oneof(
  fc.tuple(host, fc.constantFrom('80', '65535', '{{port}}')).map((parts) => parts.join(':')),
  fc.constantFrom('/tmp/a b.sock', "unix:-x'y", './a,b:c.sock', '*:9000', '9000'),
  fc
    .tuple(fc.constantFrom('ws', 'wss'), fc.webUrl())
    .map(([scheme, url]) => url.replace(/^https?/, scheme).replace(/#.*/, '')),
  fc.constantFrom("ws://h/$(id)'`x`", 'ws://a%20b:c@h/', 'wss://h/?q={{q}}&"', 'ws://h/;rm'),
  anyText,
);
const name = fc.constantFrom(
  ...['family', 'localAddress', 'localPort', 'setNoDelay', 'behaviour', 'headers', 'origin', 'subprotocols', 'cookies'],
  ...[
    'auth',
    'authName',
    'authPassword',
    'authToken',
    'proxy',
    'proxyAddress',
    'servername',
    'ca',
    'paths',
    'responseHeaders',
  ],
  ...[
    'pingInterval',
    'redirects',
    'rejectUnauthorized',
    'deflate',
    'maxPayload',
    'setTimeout',
    'tickMessage',
    'unknown',
  ],
);
const nasty = fc.constantFrom(
  "'",
  "a'b",
  '$(id)',
  '`id`',
  '-x',
  '--',
  'a\nid',
  'basic',
  'bearer',
  'echo',
  'socks5',
  'X: a\nY: $(id)',
);
const value = fc.oneof(anyText, nasty, fc.integer({ min: 0, max: 70_000 }), fc.boolean());
const anySource: fc.Arbitrary<CopySource> = fc.record({
  protocol: fc.constantFrom(...protocols),
  address,
  options: fc.array(fc.tuple(name, value), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
  message: fc.option(
    fc
      .record({ content: fc.oneof(anyText, nasty), format: fc.constantFrom('Text', 'Hex', 'JSON', 'File', 'Frame') })
      .map(({ content, format }) =>
        messageOf(format === 'Hex' ? Buffer.from(content).toString('hex') : content, {
          format: savedMessageSchema.shape.format.parse(format),
        }),
      ),
  ),
});

describe('whatever a preset has in it', () => {
  it('a copied command line is one command of that program, and nothing of it would be run or expanded', () => {
    fc.assert(
      fc.property(anySource, (from) => {
        for (const { id } of copyTargetsOf(from.protocol)) {
          if (!tools.includes(id)) continue;
          const copied = copyAs(from, id);
          if (!copied.ok) continue;
          const { commands, left, isCut } = readShellLine(copied.value);
          expect(left).toEqual([]);
          expect(isCut).toBe(false);
          const programs = commands.map(({ words }) => words[0]?.text);
          expect([[id], ['printf', id], ['cat', id]]).toContainEqual(programs);
          expect(isCommandLine(copied.value)).toBe(true);
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('a command line read back is the same session with the same message', () => {
    const plain = fc.record({
      text: fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('{{')),
      at: fc.constantFrom('127.0.0.1:80', '[::1]:9000', 'localhost:65535', '/tmp/a b.sock'),
      port: fc.option(fc.integer({ min: 1, max: 65_535 })),
    });
    fc.assert(
      fc.property(plain, ({ text, at, port }) => {
        const message = messageOf(text.replaceAll('\\', '\\\\'));
        const options = port === null ? {} : { localPort: port };
        for (const id of ['nc', 'socat'] as const) {
          const isPath = at.startsWith('/');
          const from = { protocol: 'tcp-client', address: at, options: isPath ? {} : options, message };
          const found = readCommandLine(valueOf(copyAs(from, id))).presets[0]?.preset;
          expect(found).toMatchObject({ protocol: 'tcp-client', address: at, options: from.options });
          expect(found?.messages.map(bytesOf)).toEqual([bytesOf(message)]);
        }
        const url = `ws://${isHost(at) ? at : 'h'}/p`;
        const web = { protocol: 'websocket-client', address: url, options: { origin: 'o', headers: 'X: 1' }, message };
        for (const id of ['websocat', 'wscat'] as const) {
          const copied = valueOf(copyAs(web, id));
          if (copied.startsWith('#')) continue;
          const found = readCommandLine(copied).presets[0]?.preset;
          expect(found).toMatchObject({ protocol: 'websocket-client', address: url, options: web.options });
          expect(found?.messages.map(bytesOf)).toEqual([bytesOf(message)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('copied code is code that Node and Python can read', () => {
    const texts = { node: new Set<string>(), python: new Set<string>() };
    for (const from of fc.sample(anySource, { numRuns: 400, seed: 7 })) {
      for (const id of ['node', 'python'] as const) {
        const copied = copyAs(from, id);
        if (copied.ok) texts[id].add(copied.value);
      }
    }
    for (const text of texts.node) {
      const { diagnostics } = ts.transpileModule(text, {
        reportDiagnostics: true,
        fileName: 'copied.mjs',
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, allowJs: true },
      });
      expect([text, diagnostics?.map(({ messageText }) => messageText)]).toEqual([text, []]);
    }
    const check = 'import json, sys\nfor text in json.load(sys.stdin): compile(text, "copied.py", "exec")';
    const { status, stderr } = spawnSync('python3', ['-c', check], { input: JSON.stringify([...texts.python]) });
    expect(stderr.toString()).toBe('');
    expect(status).toBe(0);
    expect(Math.min(texts.node.size, texts.python.size)).toBeGreaterThan(50);
  });
});

function isHost(at: string): boolean {
  return !at.startsWith('/');
}
