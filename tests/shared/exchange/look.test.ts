import { describe, expect, it } from 'vitest';
import { checkOptions } from '../../../src/drivers/spec.ts';
import { specOf } from '../../../src/drivers/specs.ts';
import type { Look } from '../../../src/shared/exchange/findings.ts';
import { importText, lookAtImport } from '../../../src/shared/exchange/look.ts';
import { commandSamples, importFiles, importSample, type ImportFile } from '../../support/import-samples.ts';
import { errorOf, valueOf } from '../../support/outcome.ts';

function look(name: ImportFile): Look {
  return valueOf(lookAtImport(importSample(name), name));
}

/** `where → why`, for the lines that are about this. */
function left(found: Look, about: RegExp): readonly string[] {
  return found.left.map(({ where, why }) => `${where} → ${why}`).filter((line) => about.test(line));
}

describe('an export of', () => {
  it('Packet Sender is its TCP packets, the others are listed', () => {
    const found = look('packet-sender.json');
    expect(found.kind).toBe('Packet Sender export');
    expect(found.presets.map(({ preset }) => [preset.name, preset.protocol, preset.address])).toEqual([
      ['Web request', 'tcp-client', '192.0.2.10:80'],
      ['Clock over IPv6', 'tcp-client', '[::1]:5000'],
      ['Modbus frame', 'tcp-client', 'plc.example:502'],
    ]);
    expect(found.presets.map(({ preset }) => preset.messages[0])).toMatchObject([
      { format: 'Text', content: 'GET / HTTP/1.0\\r\\n\\r\\n' },
      { format: 'Text', content: '{{$timestamp}} \\x7b{TIME}}' },
      { format: 'Hex', content: '00 01 02 ff' },
    ]);
    expect(left(found, /UDP|HTTPS/)).toHaveLength(2);
    expect(left(found, /\{\{TIME\}\}|repeat/)).toHaveLength(2);
  });

  it('Postman (v2.1) is its requests with a ws:// address, HTTP requests are listed', () => {
    const found = look('postman-v2.1.json');
    expect(found.kind).toBe('Postman collection');
    expect(found.presets).toHaveLength(1);
    expect(found.presets[0]).toMatchObject({
      folder: 'Prices/Feeds',
      preset: {
        name: 'Ticker',
        protocol: 'websocket-client',
        address: 'wss://{{host}}/feeds/main%20feed?depth=5',
        options: {
          auth: 'bearer',
          authToken: '{{Ticker-token}}',
          headers: 'X-Client: {{client_name}}',
          subprotocols: 'prices.v1',
        },
        notes: 'Prices as they come.',
        messages: [{ name: 'Body', format: 'JSON', content: '{"subscribe":"{{symbol}}"}' }],
      },
    });
    expect(found.environments).toEqual([
      {
        wirebench: 1,
        name: 'Prices',
        variables: [
          { name: 'host', value: 'prices.example', isSecret: false },
          { name: 'client_name', value: 'bench', isSecret: false },
          { name: 'Ticker-token', value: '', isSecret: true },
        ],
      },
    ]);
    expect(found.secrets).toEqual([{ environment: 0, name: 'Ticker-token', value: 'abc.def' }]);
    expect(left(found, /HTTP request|scripts|switched off/)).toHaveLength(4);
  });

  it('Postman (extensible) is its WebSocket requests with their messages and settings', () => {
    const found = look('postman-extensible.json');
    expect(found.presets).toHaveLength(1);
    expect(found.presets[0]).toMatchObject({
      folder: 'Chat/Rooms',
      preset: {
        name: 'Lobby',
        address: '{{base}}/lobby?user={{$uuid}}',
        options: {
          origin: 'https://chat.example',
          handshakeTimeout: 4000,
          rejectUnauthorized: false,
          reconnect: 'always',
          reconnectLimit: 3,
          reconnectDelay: 2500,
          maxPayload: 5 * 1024 * 1024,
        },
        notes: 'The first room.',
        messages: [
          { name: 'Hello', format: 'Text', content: 'Hello from C:\\\\chat, {{name}}' },
          { name: 'Join', format: 'JSON', content: '{"join":"lobby"}' },
          { name: 'Picture', format: 'Base64', content: 'AAEC/w==', kind: 'binary' },
        ],
      },
    });
    expect(left(found, /not hex|ws-socketio-request|grpc-request/)).toHaveLength(3);
  });

  it('Postman (v3 with items) is read as the extensible one', () => {
    expect(look('postman-v3.json').presets).toMatchObject([
      {
        folder: 'Telemetry',
        preset: { address: 'wss://stream.example/telemetry?unit=1', messages: [{ name: 'Start', format: 'JSON' }] },
      },
    ]);
  });

  it('a Postman environment keeps its secrets out of what is shown', () => {
    const found = look('postman-environment.json');
    expect(found.environments[0]?.variables).toEqual([
      { name: 'host', value: 'staging.example', isSecret: false },
      { name: 'token', value: '', isSecret: true },
    ]);
    expect(found.secrets).toEqual([{ environment: 0, name: 'token', value: 's3cret' }]);
  });

  it('Insomnia (v4) is its WebSocket requests, payloads and environments', () => {
    const found = look('insomnia-v4.json');
    expect(found.kind).toBe('Insomnia export (v4)');
    expect(found.presets).toMatchObject([
      {
        folder: 'Weather/Live',
        preset: {
          name: 'Forecast',
          address: 'wss://{{host}}/v{{api.version}}/{{home_town}}?units=si%20%26%20more',
          options: { auth: 'basic', authName: 'ada', headers: 'X-Trace: {{$uuid}}', redirects: 20 },
          notes: 'Hour by hour.',
          messages: [
            { name: 'Subscribe', format: 'JSON', content: '{"city": "{{city}}"}' },
            { name: 'Filtered', format: 'Text', content: '{{ _.host | upper }}' },
          ],
        },
      },
    ]);
    expect(found.environments.map(({ name, variables }) => [name, variables.map((one) => one.name)])).toEqual([
      ['Local', ['host', 'api.version', 'Forecast-password']],
      ['Live', ['token', 'host', 'api.version', 'Forecast-password']],
    ]);
    expect(left(found, /HTTP request|gRPC|upper|A list|of a folder/)).toHaveLength(5);
  });

  it('Insomnia (v5) is its WebSocket requests and environments', () => {
    const found = look('insomnia-v5.yaml');
    expect(found.kind).toBe('Insomnia export (v5)');
    expect(found.presets).toMatchObject([
      {
        folder: 'Weather/Live',
        preset: {
          address: 'wss://{{host}}/live?units=si',
          options: { auth: 'bearer', authToken: '{{token}}', headers: 'User-Agent: insomnia/11.0.0' },
          notes: 'Hour by hour.',
        },
      },
    ]);
    expect(found.environments).toMatchObject([{ name: 'Local' }]);
    expect(left(found, /HTTP request|Socket\.IO|for all that is in it/)).toHaveLength(3);
  });

  it('Yaak is its WebSocket requests and environments, a {{ that means nothing there means nothing here', () => {
    const found = look('yaak.json');
    expect(found.kind).toBe('Yaak export');
    expect(found.presets).toMatchObject([
      {
        folder: 'Devices/Sensors',
        preset: {
          address: 'wss://{{host}}/{{device}}/readings?from={{$timestamp}}',
          options: {
            cookies: 'a=1',
            auth: 'bearer',
            rejectUnauthorized: false,
            headers: 'X-Template: {{"{{"}}plain}}',
          },
          messages: [{ format: 'JSON', content: '{"mustache":"\\u007b{plain}}","id":"{{$uuid}}"}' }],
        },
      },
    ]);
    expect(found.environments[0]?.variables).toEqual([
      { name: 'host', value: '127.0.0.1:8080', isSecret: false },
      { name: 'key', value: '', isSecret: true },
      { name: 'Readings-token', value: '', isSecret: true },
    ]);
    expect(left(found, /encrypted|HTTP request|switched off/)).toHaveLength(4);
  });

  it('Wirebench is its presets; what is broken in it is listed', () => {
    const found = look('bundle.yaml');
    expect(found.kind).toBe('Wirebench bundle');
    expect(found.presets).toMatchObject([
      { folder: 'Device/Lab', preset: { id: 'handshake', messages: [{ lineEnding: '\\r\\n' }, { format: 'Hex' }] } },
    ]);
    expect(left(found, /Preset 2|later/)).toHaveLength(2);
  });
});

describe('whatever is imported', () => {
  it('is valid for its protocol, and says of no secret what it is', () => {
    for (const found of [...importFiles.map(look), ...commandSamples.map((text) => valueOf(lookAtImport(text)))]) {
      for (const { preset } of found.presets) {
        const spec = specOf(preset.protocol);
        if (spec === undefined) throw new Error(`no protocol ${preset.protocol}`);
        valueOf(checkOptions(spec, preset.options));
      }
      const shown = JSON.stringify([found.presets, found.environments, found.left]);
      for (const { value } of found.secrets) expect(shown).not.toContain(value);
    }
  });

  it('has the same ids each time, and no two of one import are the same', () => {
    const ids = (): readonly string[] => look('packet-sender.json').presets.map(({ preset }) => preset.id);
    expect(ids()).toEqual(ids());
    const packet = { name: 'a', hexstring: '', toip: 'h', port: '1', tcporudp: 'TCP' };
    const found = valueOf(lookAtImport(JSON.stringify([packet, packet, packet])));
    expect(new Set(found.presets.map(({ preset }) => preset.id)).size).toBe(3);
  });

  it('may begin with a byte order mark, and be UTF-16', () => {
    const text = importSample('yaak.json');
    expect(lookAtImport(`\ufeff${text}`)).toEqual(lookAtImport(text));
    expect(valueOf(importText(Buffer.from(`\ufeff${text}`, 'utf16le')))).toBe(text);
    expect(valueOf(importText(Buffer.from(text)))).toBe(text);
  });
});

describe('an import that is none', () => {
  it.each([
    ['nothing', '  \n', /is empty/],
    ['JSON of somebody else', '{"a":1}', /no export that is understood/],
    ['a list of numbers', '[1,2]', /no export that is understood/],
    ['broken JSON', '{"info":\n  {]', /line 2/],
    ['broken YAML', 'type: collection.insomnia.rest/5.0\nname: "a', /line 2/],
    ['prose', 'Dear all, please find attached', /no export that is understood/],
    ['a bundle of the future', 'wirebench-bundle: 2\npresets: []', /newer Wirebench/],
  ])('is refused with what is wrong: %s', (_, text, message) => {
    const error = errorOf(lookAtImport(text));
    expect(error.code).toBe('bad-import');
    expect(error.message).toMatch(message);
  });

  it('is refused when it is no text', () => {
    expect(errorOf(importText(Buffer.of(0x7b, 0xff, 0xfe))).message).toContain('UTF-8');
    expect(errorOf(importText(Buffer.of(0xff, 0xfe, 0x41))).message).toContain('UTF-16LE');
  });
});
