import { expect, test } from 'vitest';
import { memoryClientSpec, memoryServerSpec } from '../../src/drivers/memory/spec.ts';
import { driverModules } from '../../src/drivers/node.ts';
import { checkOptions, defaultOptions } from '../../src/drivers/spec.ts';
import { specOf, specs } from '../../src/drivers/specs.ts';
import { commonKinds, kindTable } from '../../src/shared/record.ts';

const all = [...specs, memoryClientSpec, memoryServerSpec];

test('the window and the hosts offer the same protocols, and not the memory driver', () => {
  expect(driverModules.map(({ spec }) => spec)).toEqual(specs);
  expect(specs.map(({ id, title, tag, hue }) => [id, title, tag, hue])).toEqual([
    ['tcp-client', 'TCP client', 'TCP', 'tcp'],
    ['tcp-server', 'TCP server', 'TCP⇠', 'tcp'],
  ]);
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
