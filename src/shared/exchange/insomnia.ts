/**
 * Insomnia exports, as JSON or YAML:
 *
 *   - v4: `_type: export`, `__export_format: 4`, `resources`: a flat list of `workspace`, `request_group`,
 *     `websocket_request`, `websocket_payload`, `environment`, … with `_id` and `parentId`
 *   - v5: `type: collection.insomnia.rest/5.0`, `collection`: requests and folders (`children`) in each other,
 *     `environments` with `subEnvironments`. It holds no payloads of WebSocket requests
 *
 * Source: packages/insomnia/src/common/{import-v5-parser,insomnia-v5,import}.ts and models/websocket-*.ts of
 * github.com/Kong/insomnia.
 */

import { IMPORT_DEPTH } from './exchange-limits.ts';
import type { Findings } from './findings.ts';
import { InsomniaParts } from './insomnia-parts.ts';
import { nameAt, numberAt, objectAt, objectsAt, textAt, valueAt, type JsonObject } from './json.ts';
import { addEnvironments } from './variable-tree.ts';

export const INSOMNIA_4 = 'Insomnia export (v4)';
export const INSOMNIA_5 = 'Insomnia export (v5)';

export function isInsomnia4(value: JsonObject): boolean {
  return textAt(value, '_type') === 'export' && Array.isArray(valueAt(value, 'resources'));
}

export function isInsomnia5(value: JsonObject): boolean {
  return /^[a-z]+\.insomnia(\.rest)?\/5\./i.test(textAt(value, 'type'));
}

/** What an item of v5 is; it does not say so itself. The order is Insomnia's own. */
function kindOf(item: JsonObject): 'folder' | 'http' | 'grpc' | 'socketio' | 'websocket' {
  const has = (key: string): boolean => Object.hasOwn(item, key);
  if (!has('method') && !has('reflectionApi') && !has('url')) return 'folder';
  if (has('method')) return 'http';
  if (has('reflectionApi') || has('protoMethodName')) return 'grpc';
  return has('eventListeners') || Object.hasOwn(objectAt(item, 'settings'), 'path') ? 'socketio' : 'websocket';
}

const others = { http: 'An HTTP request', grpc: 'A gRPC request', socketio: 'A Socket.IO request' } as const;

/** @returns its name */
export function readInsomnia5(file: JsonObject, findings: Findings): string {
  const insomnia = new InsomniaParts(findings);
  const root = nameAt(file, 'name') || 'Insomnia';
  const base = objectAt(file, 'environments');
  addEnvironments(
    insomnia.environment(base, nameAt(base, 'name') || 'Base Environment'),
    objectsAt(base, 'subEnvironments').map((sub) => insomnia.environment(sub, nameAt(sub, 'name') || 'Environment')),
    findings,
  );
  const walk = (items: readonly JsonObject[], folders: readonly string[]): void => {
    for (const item of items) {
      const name = nameAt(item, 'name') || nameAt(item, 'url') || 'Unnamed';
      const where = [...folders, name].join(' / ');
      const kind = kindOf(item);
      if (kind === 'websocket') insomnia.webSocket(item, folders, []);
      else if (kind !== 'folder') insomnia.other(where, others[kind]);
      else {
        insomnia.folderAsides(item, where);
        if (folders.length >= IMPORT_DEPTH) findings.leave(where, `Deeper than ${IMPORT_DEPTH} folders.`);
        else walk(objectsAt(item, 'children'), [...folders, name]);
      }
    }
  };
  walk(objectsAt(file, 'collection'), [root]);
  const rest = {
    'cookieJar.cookies': objectsAt(objectAt(file, 'cookieJar'), 'cookies'),
    certificates: objectsAt(file, 'certificates'),
    testSuites: objectsAt(file, 'testSuites'),
    routes: objectsAt(file, 'routes'),
  };
  for (const [name, items] of Object.entries(rest)) {
    if (items.length > 0) findings.leave(`${root} › ${name}`, `${items.length} of them; they are not understood.`);
  }
  if (Object.hasOwn(file, 'spec')) findings.leave(`${root} › spec`, 'A description of an API; it is not understood.');
  return root;
}

const otherResources: ReadonlyMap<string, string> = new Map([
  ['request', others.http],
  ['grpc_request', others.grpc],
  ['socketio_request', others.socketio],
  ['socket_io_request', others.socketio],
]);

/** Resources that say nothing by themselves: what they belong to is read or listed. */
const silentResources = new Set([
  'workspace',
  'request_group',
  'websocket_request',
  'websocket_payload',
  'environment',
]);

/** @returns its name */
export function readInsomnia4(file: JsonObject, findings: Findings): string {
  const insomnia = new InsomniaParts(findings);
  const resources = objectsAt(file, 'resources');
  const byId = new Map(resources.map((resource) => [textAt(resource, '_id'), resource]));
  const children = new Map<string, JsonObject[]>();
  for (const resource of resources) {
    const parent = textAt(resource, 'parentId');
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [resource]);
    else siblings.push(resource);
  }
  const of = (type: string): readonly JsonObject[] =>
    resources
      .filter((resource) => textAt(resource, '_type') === type)
      .sort((one, other) => (numberAt(one, 'metaSortKey') ?? 0) - (numberAt(other, 'metaSortKey') ?? 0));
  /** Names of the folders that it is in, outermost first. A circle of parents ends at the limit. */
  const foldersOf = (resource: JsonObject): readonly string[] => {
    const folders: string[] = [];
    let parent = byId.get(textAt(resource, 'parentId'));
    for (; parent !== undefined && folders.length < IMPORT_DEPTH; parent = byId.get(textAt(parent, 'parentId'))) {
      folders.unshift(nameAt(parent, 'name') || 'Folder');
    }
    return folders;
  };
  const root = nameAt(of('workspace')[0] ?? {}, 'name') || 'Insomnia';
  for (const base of of('environment').filter((environment) => isBase(environment, byId))) {
    const subs = (children.get(textAt(base, '_id')) ?? []).filter((child) => textAt(child, '_type') === 'environment');
    addEnvironments(
      insomnia.environment(base, nameAt(base, 'name') || 'Base Environment'),
      subs.map((sub) => insomnia.environment(sub, nameAt(sub, 'name') || 'Environment')),
      findings,
    );
  }
  for (const group of of('request_group')) {
    insomnia.folderAsides(group, [...foldersOf(group), nameAt(group, 'name')].join(' / '));
  }
  for (const request of of('websocket_request')) {
    const payloads = (children.get(textAt(request, '_id')) ?? []).filter(
      (child) => textAt(child, '_type') === 'websocket_payload',
    );
    insomnia.webSocket(request, foldersOf(request), payloads);
  }
  for (const resource of resources) {
    const type = nameAt(resource, '_type');
    if (silentResources.has(type) || isEmptyJar(resource)) continue;
    const where = [...foldersOf(resource), nameAt(resource, 'name', '_id')].join(' / ');
    const known = otherResources.get(type);
    if (known === undefined) findings.leave(where, `${type || 'A resource without type'} is not understood.`);
    else insomnia.other(where, known);
  }
  return root;
}

/** Every workspace has a cookie jar, most of them nothing in it. */
function isEmptyJar(resource: JsonObject): boolean {
  return textAt(resource, '_type') === 'cookie_jar' && objectsAt(resource, 'cookies').length === 0;
}

/** The base belongs to the workspace, the others to the base. */
function isBase(environment: JsonObject, byId: ReadonlyMap<string, JsonObject>): boolean {
  const parent = byId.get(textAt(environment, 'parentId'));
  return parent === undefined || textAt(parent, '_type') !== 'environment';
}
