import { expect, test } from 'vitest';
import { memoryClientSpec, memoryServerSpec } from '../../src/drivers/memory/spec.ts';
import { driverModules } from '../../src/drivers/node.ts';
import { checkOptions, defaultOptions, type Field, type OptionValue } from '../../src/drivers/spec.ts';
import { specOf, specs } from '../../src/drivers/specs.ts';
import { tcpClientSpec, tcpServerSpec } from '../../src/drivers/tcp/spec.ts';
import { commonKinds, kindTable } from '../../src/shared/record.ts';
import { errorOf } from '../support/outcome.ts';

const all = [...specs, memoryClientSpec, memoryServerSpec];

test('the window and the hosts offer the same protocols, and not the memory driver', () => {
  expect(driverModules.map(({ spec }) => spec)).toEqual(specs);
  expect(specs.map(({ id, title, tag, hue }) => [id, title, tag, hue])).toEqual([
    ['tcp-client', 'TCP client', 'TCP', 'tcp'],
    ['tcp-server', 'TCP server', 'TCP⇠', 'tcp'],
    ['websocket-client', 'WebSocket client', 'WS', 'ws'],
    ['websocket-server', 'WebSocket server', 'WS⇠', 'ws'],
    ['dns', 'DNS lookup', 'DNS', 'dns'],
  ]);
});

test('what a server can be checked against is there to be tried', () => {
  const checked = driverModules.filter(({ check }) => check !== undefined);
  expect(checked.map(({ spec }) => spec.id)).toEqual(['websocket-client']);
  expect(checked.map(({ spec }) => spec)).toEqual(specs.filter(({ standards }) => standards !== undefined));
});

test('a spec is found by its id, or not at all', () => {
  expect(specOf('tcp-server')).toBe(specs[1]);
  expect(specOf('telepathy')).toBeUndefined();
});

test.each(all.map((spec) => [spec.id, spec] as const))('%s declares what is consistent', (_id, spec) => {
  expect(checkOptions(spec, defaultOptions(spec)).ok).toBe(true);
  for (const names of [spec.fields.map(({ id }) => id), spec.actions.map(({ id }) => id), spec.kinds]) {
    expect(new Set<string>(names).size).toBe(names.length);
  }
  expect(spec.messageKinds.every((kind) => spec.kinds.some((declared) => declared === kind))).toBe(true);
  expect(spec.kinds.some((kind) => commonKinds.some((common) => common === kind))).toBe(false);
  // The number of a kind is one byte of a record.
  expect(kindTable(spec.kinds).length).toBeLessThan(256);
  for (const { help } of [...spec.fields, ...spec.actions]) expect(help).toMatch(/\.$/);
});

test('the options of a socket go by the names of Node', () => {
  const names = [
    'allowHalfOpen',
    'setNoDelay',
    'setTimeout',
    'setKeepAlive',
    'keepAliveInitialDelay',
    'localAddress',
    'localPort',
    'family',
  ];
  const fields = specs[0]?.fields ?? [];
  expect(names.filter((name) => !fields.some(({ id, label }) => id === name && label === name))).toEqual([]);
});

const wrongValues: readonly [Field['type'], OptionValue][] = [
  ['number', 'seven'],
  ['number', 0.5],
  ['number', -1],
  ['number', Number.MAX_SAFE_INTEGER],
  ['boolean', 'yes'],
  ['text', 5],
  ['choice', 'none of these'],
];

test.each(all.map((spec) => [spec.id, spec] as const))(
  '%s says what to write instead of a wrong value',
  (_id, spec) => {
    for (const field of spec.fields) {
      const wrong = wrongValues.filter(([type]) => type === field.type);
      expect(wrong).not.toEqual([]);
      for (const [, value] of wrong) {
        const error = errorOf(checkOptions(spec, { [field.id]: value }));
        expect(error).toMatchObject({ code: 'bad-option', field: field.id });
        expect(error.message).toContain(field.label);
        expect(error.hint).toMatch(/\.$/);
      }
    }
  },
);

test('the hint for a number names its range, its unit and its default', () => {
  const hint = (value: OptionValue, id: string): string => errorOf(checkOptions(tcpServerSpec, { [id]: value })).hint;
  expect(hint(0, 'backlog')).toBe('Write a whole number from 1 to 65535, as by default 511.');
  expect(hint(0, 'maxConnections')).toBe('Write a whole number from 1 to 1000000, or leave it empty.');
  expect(hint(-1, 'setTimeout')).toBe('Write a whole number from 0 to 2147483647 ms, as by default 0 ms.');
  expect(hint('mirror', 'behaviour')).toBe('The default is none.');
});

test('keepAliveInitialDelay says that it is cut to seconds, and takes no more than the system does', () => {
  const field = tcpClientSpec.fields.find(({ id }) => id === 'keepAliveInitialDelay');
  expect(field?.help).toMatch(/whole seconds/);
  expect(checkOptions(tcpClientSpec, { keepAliveInitialDelay: 32_767_000 }).ok).toBe(true);
  expect(checkOptions(tcpClientSpec, { keepAliveInitialDelay: 32_768_000 }).ok).toBe(false);
});
