/**
 * Postman collections with WebSocket requests, in the forms that Postman has
 * had for them:
 *
 *   - Collection Format v2.1 (schema.postman.com/json/collection/v2.1.0): `info`, `item`, `variable`, `event`; requests
 *     are HTTP, some of them with a ws:// address
 *   - the extensible collection (v3): nodes `{ type, title, payload, children, extensions }`, types `collection`,
 *     `folder`, `ws-raw-request` (payload `url, headers, queryParams, settings`) and `ws-raw-message` (payload
 *     `type: text | json | html | xml | binary, content`, of binary `subtype: base64 | hex`). Source: the types of
 *     Postman's runtime (@postman/runtime.ws-raw-request, @postman/runtime.models)
 *   - both together: `$schema`/`info.schema` of collection/v3.0.0 with the nodes in `item`
 *   - environments: `_postman_variable_scope`, `values: [{ key, value, type, enabled }]`
 */
import { WEBSOCKET_PAYLOAD_MOST_BYTES } from '../websocket-limits.ts';
import { RECONNECT_MOST } from '../limits.ts';
import { IMPORT_DEPTH } from './exchange-limits.ts';
import type { Findings } from './findings.ts';
import { binaryMessage, textMessage } from './found-message.ts';
import { FoundVariables } from './found-variables.ts';
import {
  isFalse,
  isObject,
  isTrue,
  listAt,
  nameAt,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  valueAt,
  type JsonObject,
} from './json.ts';
import { Templates } from './templates.ts';
import { WebSocketDraft, type Parameter } from './websocket-draft.ts';

export const POSTMAN = 'Postman collection';
export const POSTMAN_ENVIRONMENT = 'Postman environment';

/** The collection itself: Postman's API wraps it. */
export function postmanCollection(value: JsonObject): JsonObject | null {
  const inner = ['collection', 'data'].map((key) => objectAt(value, key)).find(isCollection);
  return isCollection(value) ? value : (inner ?? null);
}

function isCollection(value: JsonObject): boolean {
  if (textAt(value, 'type') === 'collection' && Array.isArray(valueAt(value, 'children'))) return true;
  const info = objectAt(value, 'info');
  const schema = textAt(info, 'schema') || textAt(value, '$schema');
  return Array.isArray(valueAt(value, 'item')) && (/postman/i.test(schema) || Object.hasOwn(info, '_postman_id'));
}

export function isPostmanEnvironment(value: JsonObject): boolean {
  return Object.hasOwn(value, '_postman_variable_scope') && Array.isArray(valueAt(value, 'values'));
}

/** Text, or `{ content }` of v2.1. */
function descriptionOf(value: JsonObject, key = 'description'): string {
  return textAt(value, key) || textAt(objectAt(value, key), 'content');
}

/** `{ key, value, disabled }`, as headers, parameters and variables are written. */
function pairs(items: readonly JsonObject[], what: string, draft: WebSocketDraft): readonly Parameter[] {
  const used: Parameter[] = [];
  for (const item of items) {
    const name = nameAt(item, 'key');
    if (isTrue(item, 'disabled')) draft.leave(`${what} ${name}`, 'It is switched off.');
    else if (name !== '') used.push({ name, value: textAt(item, 'value') });
  }
  return used;
}

class Collection {
  readonly #findings: Findings;
  readonly #templates: Templates;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#templates = new Templates('postman', findings);
  }

  read(collection: JsonObject): string {
    const name = nameAt(objectAt(collection, 'info'), 'name') || nameAt(collection, 'title', 'name') || 'Postman';
    const payload = objectAt(collection, 'payload');
    this.variables(name, [...objectsAt(collection, 'variable'), ...objectsAt(payload, 'variables')]);
    this.#asides(name, collection);
    for (const key of ['item', 'children']) this.#nodes(listAt(collection, key), [name]);
    return name;
  }

  variables(name: string, items: readonly JsonObject[]): void {
    const variables = new FoundVariables();
    for (const item of items) {
      const key = nameAt(item, 'key', 'id');
      const where = `${name} › ${key}`;
      const isOff = isTrue(item, 'disabled') || isFalse(item, 'enabled');
      const value = this.#templates.convert(textAt(item, 'value'), where);
      const problem = isOff ? 'It is switched off.' : variables.add(key, value, textAt(item, 'type') === 'secret');
      if (problem !== null) this.#findings.leave(where, problem);
    }
    this.#findings.environment(name, variables);
  }

  /** What every node can have besides. */
  #asides(where: string, node: JsonObject): void {
    const events = [...listAt(node, 'event'), ...listAt(objectAt(node, 'extensions'), 'events')];
    if (events.length > 0) this.#findings.leave(`${where} › scripts`, 'Scripts do not run here.');
    if (Object.hasOwn(node, 'auth') && isObject(valueAt(node, 'auth')) && !Object.hasOwn(node, 'request')) {
      this.#findings.leave(`${where} › auth`, 'Authorization for all that is in it: choose it in each preset.');
    }
  }

  #nodes(nodes: readonly unknown[], folders: readonly string[]): void {
    for (const node of nodes) {
      if (isObject(node)) this.#node(node, folders);
      else this.#findings.leave(folders.join(' / '), 'An item that is no object.');
    }
  }

  #node(node: JsonObject, folders: readonly string[]): void {
    const name = nameAt(node, 'name', 'title') || 'Unnamed';
    const where = [...folders, name].join(' / ');
    const type = nameAt(node, 'type');
    if (type === 'ws-raw-request') this.#webSocket(node, name, folders);
    else if (type === 'folder' || (Array.isArray(valueAt(node, 'item')) && !Object.hasOwn(node, 'request'))) {
      this.#asides(where, node);
      if (folders.length >= IMPORT_DEPTH) this.#findings.leave(where, `Deeper than ${IMPORT_DEPTH} folders.`);
      else for (const key of ['item', 'children']) this.#nodes(listAt(node, key), [...folders, name]);
    } else if (type !== '' && type !== 'http')
      this.#findings.leave(where, `${type} is not understood, only ws-raw-request.`);
    else this.#request(node, name, folders);
  }

  /** A request of v2.1: HTTP, unless its address says otherwise. */
  #request(node: JsonObject, name: string, folders: readonly string[]): void {
    const request = valueAt(node, 'request');
    const details = isObject(request) ? request : {};
    const place = isObject(request) ? valueAt(request, 'url') : request;
    const url = isObject(place) ? textAt(place, 'raw') : typeof place === 'string' ? place : '';
    if (!/^\s*wss?:/i.test(url)) {
      const method = textAt(details, 'method') || 'GET';
      this.#findings.leave(
        [...folders, name].join(' / '),
        `An HTTP request (${method}); only WebSocket is understood.`,
      );
      return;
    }
    const draft = new WebSocketDraft(folders, name, this.#findings, this.#templates);
    const inPath = isObject(place) ? pairs(objectsAt(place, 'variable'), 'path variable', draft) : [];
    draft.address(url, [], inPath);
    for (const header of pairs(objectsAt(details, 'header'), 'header', draft)) draft.header(header.name, header.value);
    this.#auth(objectAt(details, 'auth'), draft);
    const body = textAt(objectAt(details, 'body'), 'raw');
    if (body !== '') draft.message(textMessage('Body', body, this.#templates, draft.where));
    draft.notes(descriptionOf(details) || descriptionOf(node));
    this.#asides(draft.where, node);
    draft.finish();
  }

  #auth(auth: JsonObject, draft: WebSocketDraft): void {
    const type = nameAt(auth, 'type');
    // A list of `{ key, value }`, as of v2.1.
    const parts = new Map(objectsAt(auth, type).map((item) => [textAt(item, 'key'), textAt(item, 'value')]));
    if (type === 'basic') draft.basic(parts.get('username') ?? '', parts.get('password') ?? '');
    else if (type === 'bearer') draft.bearer(parts.get('token') ?? '');
    else if (type !== '' && type !== 'noauth') draft.leave('auth', `${type} is not understood, only basic and bearer.`);
  }

  #webSocket(node: JsonObject, name: string, folders: readonly string[]): void {
    const draft = new WebSocketDraft(folders, name, this.#findings, this.#templates);
    const payload = objectAt(node, 'payload');
    const url = textAt(payload, 'url');
    const parameters = pairs(objectsAt(payload, 'queryParams'), 'parameter', draft);
    // Postman keeps them in the address as well.
    draft.address(url, url.includes('?') ? [] : parameters);
    for (const header of pairs(objectsAt(payload, 'headers'), 'header', draft)) draft.header(header.name, header.value);
    this.#settings(objectAt(payload, 'settings'), draft);
    const extensions = objectAt(node, 'extensions');
    draft.notes(descriptionOf(objectAt(extensions, 'documentation'), 'content') || descriptionOf(node));
    this.#asides(draft.where, node);
    const children = [...objectsAt(node, 'children'), ...objectsAt(node, 'item')];
    for (const [index, child] of children.entries()) this.#message(child, index, draft);
    draft.finish();
  }

  #settings(settings: JsonObject, draft: WebSocketDraft): void {
    const handshake = numberAt(settings, 'handshakeTimeout');
    if (handshake !== null) draft.time('handshakeTimeout', handshake);
    if (isFalse(settings, 'strictSSL')) draft.insecure();
    const retries = Math.trunc(numberAt(settings, 'retryCount') ?? 0);
    if (retries > 0) {
      draft.option('reconnect', 'always');
      draft.option('reconnectLimit', Math.min(retries, RECONNECT_MOST));
      draft.time('reconnectDelay', numberAt(settings, 'retryDelay') ?? 5000);
    }
    // In MB there; 0 is no limit, which there is not here.
    const megabytes = numberAt(settings, 'maxPayload');
    if (megabytes === null || megabytes < 0) return;
    const bytes = Math.round(megabytes * 1024 * 1024);
    if (bytes === 0 || bytes > WEBSOCKET_PAYLOAD_MOST_BYTES) draft.option('maxPayload', WEBSOCKET_PAYLOAD_MOST_BYTES);
    else draft.option('maxPayload', bytes);
  }

  #message(node: JsonObject, index: number, draft: WebSocketDraft): void {
    const name = nameAt(node, 'title', 'name') || `Message ${index + 1}`;
    const where = `${draft.where} › ${name}`;
    if (textAt(node, 'type') !== 'ws-raw-message') {
      this.#findings.leave(where, `${nameAt(node, 'type') || 'It'} is not understood, only ws-raw-message.`);
      return;
    }
    const payload = objectAt(node, 'payload');
    const content = textAt(payload, 'content');
    if (textAt(payload, 'type') !== 'binary') {
      draft.message(textMessage(name, content, this.#templates, where));
      return;
    }
    const subtype = textAt(payload, 'subtype').toLowerCase();
    const message = binaryMessage(name, content, subtype.startsWith('hex') ? 'Hex' : 'Base64');
    if (message === null) this.#findings.leave(where, `Its content is not ${subtype || 'base64'}.`);
    else draft.message(message);
  }
}

/** @returns its name */
export function readPostman(collection: JsonObject, findings: Findings): string {
  return new Collection(findings).read(collection);
}

/** An environment that was exported by itself. @returns its name */
export function readPostmanEnvironment(environment: JsonObject, findings: Findings): string {
  const name = nameAt(environment, 'name') || 'Postman';
  new Collection(findings).variables(name, objectsAt(environment, 'values'));
  return name;
}
