/** What other tools have written, and command lines, through the real window: in, and out again. */
import { access, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { importPath, type ImportFile } from '../support/import-samples.ts';
import type { Bench } from './support/bench.ts';
import type { Launcher } from './support/host.ts';
import { Shell } from './support/shell.ts';
import { expect, test } from './support/test.ts';

function item(bench: Bench, name: RegExp): Locator {
  return bench.page.getByRole('tree', { name: 'Presets' }).getByRole('treeitem', { name });
}

/** Everything that is in the workspace folder, as paths in it. */
async function files(launcher: Launcher): Promise<readonly string[]> {
  const entries = await readdir(join(launcher.data, 'workspace'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function showImport(bench: Bench): Promise<Locator> {
  await bench.button('More for presets').click();
  await bench.page.getByRole('menuitem', { name: 'Import…' }).click();
  return bench.page.getByRole('dialog', { name: 'Import' });
}

/** Looks at a file in the dialog, which stays open. */
async function look(bench: Bench, path: string): Promise<Locator> {
  const dialog = await showImport(bench);
  await dialog.getByRole('textbox', { name: 'File to import' }).fill(path);
  return dialog;
}

async function expectField(bench: Bench, label: string, value: string): Promise<void> {
  await expect(bench.page.getByRole('form', { name: 'Options' }).getByLabel(label, { exact: true })).toHaveValue(value);
}

interface Sample {
  readonly file: ImportFile;
  readonly kind: string;
  /** Of the whole: `2 presets, 1 environment, 3 not understood`. */
  readonly summary: RegExp;
  /** Two of the lines that say what was not understood. */
  readonly left: readonly RegExp[];
  /** The preset that is opened, and what it must be. */
  readonly preset: string;
  readonly protocol: string;
  readonly address: string;
  /** One of its saved messages; some have no name. */
  readonly message: readonly [name: string, text: string] | null;
  /** Options by their labels. */
  readonly options: readonly (readonly [label: string, value: string])[];
  readonly environment: string | null;
  /** Secrets that stand in the export, and must stand in no file. */
  readonly secrets: readonly string[];
}

const samples: readonly Sample[] = [
  {
    file: 'packet-sender.json',
    kind: 'Packet Sender export',
    summary: /3\s+presets,\s+4\s+not\s+understood/,
    left: [/Multicast.*UDP is not understood/, /Clock over IPv6.*\{\{TIME\}\} has no match/],
    preset: 'Web request',
    protocol: 'TCP client',
    address: '192.0.2.10:80',
    message: ['Web request', 'GET / HTTP/1.0\\r\\n\\r\\n'],
    options: [],
    environment: null,
    secrets: [],
  },
  {
    file: 'postman-v2.1.json',
    kind: 'Postman collection',
    summary: /1\s+preset,\s+1\s+environment,\s+\d+\s+not\s+understood/,
    left: [/List of symbols.*HTTP request/, /switched off/],
    preset: 'Ticker',
    protocol: 'WebSocket client',
    address: 'wss://{{host}}/feeds/main%20feed?depth=5',
    message: ['Body', '{"subscribe":"{{symbol}}"}'],
    options: [
      ['headers', 'X-Client: {{client_name}}'],
      ['Sec-WebSocket-Protocol', 'prices.v1'],
      ['token', '{{Ticker-token}}'],
    ],
    environment: 'Prices',
    secrets: ['abc.def'],
  },
  {
    file: 'postman-extensible.json',
    kind: 'Postman collection',
    summary: /1\s+preset,\s+1\s+environment,\s+\d+\s+not\s+understood/,
    left: [/Greeter.*grpc-request/, /Broken/],
    preset: 'Lobby',
    protocol: 'WebSocket client',
    address: '{{base}}/lobby?user={{$uuid}}',
    message: ['Join', '{"join":"lobby"}'],
    options: [
      ['Origin', 'https://chat.example'],
      ['handshake time-out', '4000'],
    ],
    environment: 'Chat',
    secrets: ['YTpi'],
  },
  {
    file: 'insomnia-v4.json',
    kind: 'Insomnia export (v4)',
    summary: /1\s+preset,\s+2\s+environments,\s+\d+\s+not\s+understood/,
    left: [/Today.*HTTP request/, /Greet.*gRPC/],
    preset: 'Forecast',
    protocol: 'WebSocket client',
    address: 'wss://{{host}}/v{{api.version}}/{{home_town}}?units=si%20%26%20more',
    message: ['Subscribe', '{"city": "{{city}}"}'],
    options: [
      ['headers', 'X-Trace: {{$uuid}}'],
      ['name', 'ada'],
      ['password', '{{Forecast-password}}'],
    ],
    environment: 'Local',
    secrets: ['pa55word'],
  },
  {
    file: 'insomnia-v5.yaml',
    kind: 'Insomnia export (v5)',
    summary: /1\s+preset,\s+1\s+environment,\s+\d+\s+not\s+understood/,
    left: [/Today.*HTTP request/, /Old client.*Socket\.IO/],
    preset: 'Forecast',
    protocol: 'WebSocket client',
    address: 'wss://{{host}}/live?units=si',
    message: null,
    options: [
      ['token', '{{token}}'],
      ['headers', 'User-Agent: insomnia/11.0.0'],
    ],
    environment: 'Local',
    secrets: [],
  },
  {
    file: 'yaak.json',
    kind: 'Yaak export',
    summary: /1\s+preset,\s+1\s+environment,\s+\d+\s+not\s+understood/,
    left: [/Status.*HTTP request/, /key.*encrypted/],
    preset: 'Readings',
    protocol: 'WebSocket client',
    address: 'wss://{{host}}/{{device}}/readings?from={{$timestamp}}',
    message: ['', '{"mustache":"\\u007b{plain}}","id":"{{$uuid}}"}'],
    options: [
      ['Cookie', 'a=1'],
      ['headers', 'X-Template: {{"{{"}}plain}}'],
    ],
    environment: 'Lab',
    secrets: ['t0ken'],
  },
];

for (const sample of samples) {
  test(`an export in ${sample.file} comes in, with what was not understood listed`, async ({ bench, launcher }) => {
    const dialog = await look(bench, importPath(sample.file));
    await expect(dialog.getByRole('status')).toHaveText(sample.summary);
    await expect(dialog.getByRole('status')).toContainText(sample.kind);
    const left = dialog.getByRole('list', { name: 'Left out' }).getByRole('listitem');
    for (const words of sample.left) await expect(left.filter({ hasText: words })).not.toHaveCount(0);
    expect((await files(launcher)).filter((name) => name.endsWith('.wb.yaml'))).toEqual([]);
    await dialog.getByRole('button', { name: /^Import \d+ preset/ }).click();
    await expect(dialog).toHaveCount(0);

    await item(bench, new RegExp(`^${sample.preset}, ${sample.protocol}`)).click();
    await expect(bench.address).toHaveValue(sample.address);
    await expect(bench.page.getByRole('combobox', { name: 'Protocol' })).toContainText(sample.protocol);
    await expect(bench.status).toContainText('idle');
    if (sample.message !== null) {
      const [name, text] = sample.message;
      await bench.page.getByRole('button', { name: new RegExp(`^Load ${name}`) }).click();
      await expect(bench.message).toHaveValue(text);
    }
    await bench.section('Options').click();
    for (const [label, value] of sample.options) await expectField(bench, label, value);

    if (sample.environment !== null) {
      await bench.page.getByRole('combobox', { name: 'Environment' }).click();
      await expect(bench.page.getByRole('option', { name: new RegExp(`^${sample.environment}`) })).toBeVisible();
      await bench.page.keyboard.press('Escape');
    }
    const folder = join(launcher.data, 'workspace');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      for (const secret of sample.secrets) expect(text).not.toContain(secret);
    }
  });
}

test('an export of thousands is looked at in a thread of its own, and comes in', async ({ bench, launcher }) => {
  const packets = Array.from({ length: 3000 }, (_, index) => ({
    name: `packet ${index + 1}`,
    hexstring: '68 69',
    toip: '127.0.0.1',
    port: String(1000 + index),
    tcporudp: 'TCP',
  }));
  const path = join(launcher.data, 'many.json');
  await writeFile(path, JSON.stringify(packets));
  const dialog = await look(bench, path);
  await dialog.getByRole('button', { name: 'Import 3000 presets' }).click();
  await expect(dialog).toHaveCount(0, { timeout: 60_000 });
  await bench.page.getByRole('searchbox', { name: 'Search presets' }).fill('packet 2999');
  await item(bench, /^packet 2999, TCP client/).click();
  await expect(bench.address).toHaveValue('127.0.0.1:3998');
});

test('a hostile import is refused with a reason, and nothing of it is made', async ({ bench, launcher }) => {
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (let code = 98; code < 116; code += 1) {
    const alias = `*${String.fromCharCode(code - 1)}`;
    bomb.push(`${String.fromCharCode(code)}: &${String.fromCharCode(code)} [${Array(10).fill(alias).join(', ')}]`);
  }
  const padding = `# ${'x'.repeat(100_000)}\n`;
  const hostile: readonly (readonly [name: string, content: string, words: RegExp])[] = [
    ['deep.json', '['.repeat(2_000_000), /no JSON/],
    ['deep.yaml', `a: ${'['.repeat(500_000)}`, /too deep/],
    // At once, and in a thread.
    ['bomb.yaml', `type: collection.insomnia.rest/5.0\n${bomb.join('\n')}\ncollection: *s\n`, /multiply/],
    [
      'large-bomb.yaml',
      `${padding}type: collection.insomnia.rest/5.0\n${bomb.join('\n')}\ncollection: *s\n`,
      /multiply/,
    ],
    ['prototype.json', '{"__proto__": {"yaakSchema": 4}, "constructor": {"prototype": {"x": 1}}}', /no export/],
  ];
  const dialog = await showImport(bench);
  const field = dialog.getByRole('textbox', { name: 'File to import' });
  for (const [name, content, words] of hostile) {
    const path = join(launcher.data, name);
    await writeFile(path, content);
    await field.fill(path);
    await expect(dialog.getByRole('alert').filter({ hasText: words })).toBeVisible({ timeout: 60_000 });
    await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  }
  const huge = join(launcher.data, 'huge.json');
  await writeFile(huge, '[');
  await truncate(huge, 40 * 1024 * 1024);
  await field.fill(huge);
  await expect(dialog.getByRole('alert').filter({ hasText: /larger than 32 MiB/ })).toBeVisible();
  await bench.page.keyboard.press('Escape');
  expect((await files(launcher)).filter((name) => name.endsWith('.wb.yaml'))).toEqual([]);
  expect(await bench.page.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
});

interface Line {
  readonly line: string;
  readonly protocol: string;
  readonly address: string;
  readonly options?: readonly (readonly [label: string, value: string])[];
  readonly message?: string;
}

const lines: readonly Line[] = [
  {
    line: `websocat -H 'X-Key: 1' --protocol chat.v2 ws://127.0.0.1:9/chat`,
    protocol: 'WebSocket client',
    address: 'ws://127.0.0.1:9/chat',
    options: [
      ['headers', 'X-Key: 1'],
      ['Sec-WebSocket-Protocol', 'chat.v2'],
    ],
  },
  {
    line: `wscat -c ws://127.0.0.1:9/chat -o https://example.test -x '{"a":1}'`,
    protocol: 'WebSocket client',
    address: 'ws://127.0.0.1:9/chat',
    options: [['Origin', 'https://example.test']],
    message: '{"a":1}',
  },
  {
    line: `printf 'LOGIN 7\\r\\n' | nc 127.0.0.1 9000`,
    protocol: 'TCP client',
    address: '127.0.0.1:9000',
    message: 'LOGIN 7\\r\\n',
  },
  { line: 'socat - TCP:127.0.0.1:9000', protocol: 'TCP client', address: '127.0.0.1:9000' },
  { line: 'nc -lk 127.0.0.1 9000', protocol: 'TCP server', address: '127.0.0.1:9000' },
];

test('command lines pasted into the address box become sessions, and nothing connects', async ({ bench }) => {
  for (const { line, protocol, address, options = [], message } of lines) {
    await bench.newSession('TCP client', line);
    await bench.button('Import this command').click();
    await expect(bench.address).toHaveValue(address);
    await expect(bench.page.getByRole('combobox', { name: 'Protocol' })).toContainText(protocol);
    await expect(bench.status).toContainText('idle');
    if (message !== undefined) {
      await bench.page.getByRole('button', { name: /^Load / }).click();
      await expect(bench.message).toHaveValue(message);
    }
    if (options.length > 0) await bench.section('Options').click();
    for (const [label, value] of options) await expectField(bench, label, value);
  }
});

test('a command line of several lines is put together as a shell does it', async ({ bench }) => {
  const lines = `websocat \\\n  -H 'X-Key: 1' \\\n  ws://127.0.0.1:9/chat`;
  const dialog = await showImport(bench);
  await dialog.getByRole('radio', { name: 'Pasted text' }).click();
  const field = dialog.getByRole('textbox', { name: 'Text to import' });
  await field.fill(lines);
  await field.press('ControlOrMeta+a');
  await field.press('ControlOrMeta+c');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await bench.newSession('TCP client', '');
  await bench.address.press('ControlOrMeta+v');
  await expect(bench.address).toHaveValue('ws://127.0.0.1:9/chat');
  await bench.section('Options').click();
  await expectField(bench, 'headers', 'X-Key: 1');
});

test('what a pasted line would run is not run, and is said', async ({ bench, launcher }) => {
  const trace = join(launcher.data, 'it-ran');
  await bench.newSession('TCP client', `nc 127.0.0.1 9 $(touch ${trace}) ; touch ${trace}`);
  await bench.button('Import this command').click();
  await expect(bench.page.getByText(/^Not taken over: .*touch/)).toBeVisible();
  await expect(bench.address).toHaveValue('127.0.0.1:9');
  await expect(access(trace)).rejects.toThrow('ENOENT');
});

/** The text as somebody runs it: a command line as it is, a program by its language. Debian's Python has websockets. */
function runOf(target: string, text: string): Shell {
  if (target === 'Node code') return new Shell(process.execPath, ['--input-type=module', '-e', text]);
  if (target === 'Python code') return new Shell('/usr/bin/python3', ['-c', text]);
  return new Shell('sh', ['-c', text]);
}

/** What the menu of the session in front copies, by way of the clipboard. */
async function copied(bench: Bench, target: string): Promise<string> {
  await bench.button('More for this preset').click();
  await bench.page.getByRole('menuitem', { name: `Copy as ${target}` }).click();
  await expect(bench.page.getByText(`Copied as ${target}.`).last()).toBeVisible();
  const dialog = await showImport(bench);
  await dialog.getByRole('radio', { name: 'Pasted text' }).click();
  const field = dialog.getByRole('textbox', { name: 'Text to import' });
  await field.fill('');
  await field.focus();
  await bench.page.keyboard.press('ControlOrMeta+v');
  await expect(field).not.toHaveValue('');
  const text = await field.inputValue();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  return text;
}

// Of websocat, which neither Debian nor npm has, only the text is known: tests/interop runs it where it is installed.
const conversations = [
  { server: 'TCP server', client: 'TCP client', kind: 'data', targets: ['nc', 'socat', 'Node code', 'Python code'] },
  {
    server: 'WebSocket server',
    client: 'WebSocket client',
    kind: 'text',
    targets: ['wscat', 'Node code', 'Python code'],
  },
] as const;

for (const { server, client, kind, targets } of conversations) {
  test(`a ${client} copied from the menu and run in a shell makes the same conversation`, async ({ bench }) => {
    const port = await bench.listen('127.0.0.1:0', 'echo', server);
    const address = client === 'TCP client' ? `127.0.0.1:${port}` : `ws://127.0.0.1:${port}/room`;
    await bench.connect(address, client);
    await bench.send(`it's "7" & $HOME`);
    await expect(bench.row('in', kind, `it's "7" & $HOME`)).toBeVisible();
    await bench.message.fill(`it's "7" & $HOME`);
    const texts: (readonly [string, string])[] = [];
    for (const target of targets) texts.push([target, await copied(bench, target)]);

    await bench.tab(new RegExp(`^${server}`)).click();
    let peers = 1;
    for (const [target, text] of texts) {
      const shell = runOf(target, text);
      try {
        await expect.poll(() => shell.wrote, { message: `${text}\n${shell.said}` }).toContain(`it's "7" & $HOME`);
        peers += 1;
        await expect(bench.status).toContainText(`of ${peers}`);
        await expect(bench.row('in', kind, `it's "7" & $HOME`).last()).toBeVisible();
      } finally {
        await shell.stop();
      }
    }
  });
}
