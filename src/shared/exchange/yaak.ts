/**
 * Yaak exports: `{ yaakVersion, yaakSchema, timestamp, resources }`, resources
 * as lists of `workspaces`, `environments`, `folders`, `websocketRequests`,
 * `httpRequests` (`requests` before schema 2), `grpcRequests`. Source:
 * plugins/importer-yaak/src/index.ts (all schemas up to 5) and
 * crates/yaak-models of github.com/mountain-loop/yaak.
 */
import { IMPORT_DEPTH } from './exchange-limits.ts';
import type { Findings } from './findings.ts';
import { textMessage } from './found-message.ts';
import { FoundVariables } from './found-variables.ts';
import { isFalse, isTrue, nameAt, numberAt, objectAt, objectsAt, textAt, valueAt, type JsonObject } from './json.ts';
import { Templates } from './templates.ts';
import { addEnvironments } from './variable-tree.ts';
import { WebSocketDraft, type Parameter } from './websocket-draft.ts';

export const YAAK = 'Yaak export';

export function isYaak(value: JsonObject): boolean {
  return Object.hasOwn(value, 'yaakSchema');
}

/** `{ name, value, enabled }`, as headers and parameters are written. */
function pairs(items: readonly JsonObject[], what: string, draft: WebSocketDraft): readonly Parameter[] {
  const used: Parameter[] = [];
  for (const item of items) {
    const name = nameAt(item, 'name');
    if (isFalse(item, 'enabled')) draft.leave(`${what} ${name}`, 'It is switched off.');
    else if (name !== '') used.push({ name, value: textAt(item, 'value') });
  }
  return used;
}

class Yaak {
  readonly #findings: Findings;
  readonly #templates: Templates;
  readonly #resources: JsonObject;
  readonly #workspaces: ReadonlyMap<string, JsonObject>;
  readonly #folders: ReadonlyMap<string, JsonObject>;
  readonly #environmentsOf = new Map<string, JsonObject[]>();

  constructor(file: JsonObject, findings: Findings) {
    this.#findings = findings;
    this.#templates = new Templates('yaak', findings);
    this.#resources = objectAt(file, 'resources');
    const byId = (key: string): ReadonlyMap<string, JsonObject> =>
      new Map(objectsAt(this.#resources, key).map((item) => [textAt(item, 'id'), item]));
    this.#workspaces = byId('workspaces');
    this.#folders = byId('folders');
    for (const environment of objectsAt(this.#resources, 'environments')) {
      const workspace = textAt(environment, 'workspaceId');
      const siblings = this.#environmentsOf.get(workspace);
      if (siblings === undefined) this.#environmentsOf.set(workspace, [environment]);
      else siblings.push(environment);
    }
  }

  read(): string {
    for (const [id, workspace] of this.#workspaces) {
      this.#environments(id, workspace);
      this.#inherited(workspace, nameAt(workspace, 'name') || 'Yaak');
    }
    for (const folder of this.#folders.values()) this.#inherited(folder, this.#path(folder, 'folder').join(' / '));
    const requests = [...objectsAt(this.#resources, 'websocketRequests')].sort(
      (one, other) => (numberAt(one, 'sortPriority') ?? 0) - (numberAt(other, 'sortPriority') ?? 0),
    );
    for (const request of requests) this.#webSocket(request);
    const others = { httpRequests: 'An HTTP request', requests: 'An HTTP request', grpcRequests: 'A gRPC request' };
    for (const [key, what] of Object.entries(others)) {
      for (const request of objectsAt(this.#resources, key)) {
        const where = [...this.#path(request), nameAt(request, 'name', 'url') || 'Unnamed'].join(' / ');
        this.#findings.leave(where, `${what}; only WebSocket is understood.`);
      }
    }
    const known = new Set(['workspaces', 'environments', 'folders', 'websocketRequests', ...Object.keys(others)]);
    for (const [key, value] of Object.entries(this.#resources)) {
      if (!known.has(key) && Array.isArray(value) && value.length > 0) {
        this.#findings.leave(key, `${value.length} of them; they are not understood.`);
      }
    }
    return nameAt([...this.#workspaces.values()][0] ?? {}, 'name') || 'Yaak';
  }

  /** Names of the workspace and the folders of something, outermost first. A circle of folders ends at the limit. */
  #path(item: JsonObject, self?: 'folder'): readonly string[] {
    const folders: string[] = self === undefined ? [] : [nameAt(item, 'name') || 'Folder'];
    let folder = this.#folders.get(textAt(item, 'folderId'));
    for (
      ;
      folder !== undefined && folders.length < IMPORT_DEPTH - 1;
      folder = this.#folders.get(textAt(folder, 'folderId'))
    ) {
      folders.unshift(nameAt(folder, 'name') || 'Folder');
    }
    const workspace = this.#workspaces.get(textAt(item, 'workspaceId'));
    return [nameAt(workspace ?? {}, 'name') || 'Yaak', ...folders];
  }

  /** What a workspace or folder gives to all that is in it. */
  #inherited(item: JsonObject, where: string): void {
    if (objectsAt(item, 'headers').length > 0) {
      this.#findings.leave(`${where} › headers`, 'Headers for all that is in it: put them into each preset.');
    }
    if (nameAt(item, 'authenticationType') !== '') {
      this.#findings.leave(
        `${where} › authentication`,
        'Authorization for all that is in it: choose it in each preset.',
      );
    }
  }

  #environments(workspace: string, item: JsonObject): void {
    const variablesOf = (items: readonly JsonObject[], where: string): FoundVariables => {
      const found = new FoundVariables();
      for (const variable of items) {
        const name = nameAt(variable, 'name');
        const place = `${where} › ${name}`;
        const raw = textAt(variable, 'value');
        // `secure(…)` holds a value that only that Yaak can decrypt.
        const isSealed = /\$\{\[\s*secure\(/.test(raw);
        if (isSealed) this.#findings.leave(place, 'Its value is encrypted by Yaak: set it anew.');
        const value = isSealed ? '' : this.#templates.convert(raw, place);
        const isOff = isFalse(variable, 'enabled');
        const problem = isOff ? 'It is switched off.' : name === '' ? null : found.add(name, value, isSealed);
        if (problem !== null) this.#findings.leave(place, problem);
      }
      return found;
    };
    const environments = this.#environmentsOf.get(workspace) ?? [];
    const named = environments.map((environment) => {
      const name = nameAt(environment, 'name') || 'Environment';
      return { environment, name, variables: variablesOf(objectsAt(environment, 'variables'), name) };
    });
    let base = { name: '', variables: variablesOf(objectsAt(item, 'variables'), 'Global Variables') };
    const others: typeof named = [];
    for (const one of named) {
      if (textAt(one.environment, 'parentModel') === 'folder') {
        this.#findings.leave(one.name, 'Variables of a folder: put them into an environment.');
      } else if (!this.#isBase(one.environment, item)) others.push(one);
      // A workspace has one; a second would be no export of Yaak.
      else if (base.name === '') base = { name: one.name, variables: base.variables.over(one.variables) };
      else this.#findings.leave(one.name, 'There is another base environment already.');
    }
    addEnvironments({ ...base, name: base.name || 'Global Variables' }, others, this.#findings);
  }

  /** Schema 5 says `parentModel`, 4 `base`, 3 `environmentId`; before that the variables of the workspace were the base. */
  #isBase(environment: JsonObject, workspace: JsonObject): boolean {
    const parent = textAt(environment, 'parentModel');
    if (parent !== '') return parent === 'workspace';
    if (Object.hasOwn(environment, 'base')) return isTrue(environment, 'base');
    if (Object.hasOwn(workspace, 'variables')) return false;
    return valueAt(environment, 'environmentId') === null;
  }

  #webSocket(request: JsonObject): void {
    const folders = this.#path(request);
    const name = nameAt(request, 'name', 'url') || 'Unnamed';
    const draft = new WebSocketDraft(folders, name, this.#findings, this.#templates);
    const parameters = pairs(objectsAt(request, 'urlParameters'), 'parameter', draft);
    draft.address(
      textAt(request, 'url'),
      parameters.filter((parameter) => !parameter.name.startsWith(':')),
      parameters.filter((parameter) => parameter.name.startsWith(':')),
    );
    for (const header of pairs(objectsAt(request, 'headers'), 'header', draft)) draft.header(header.name, header.value);
    this.#authentication(request, draft);
    const workspace = this.#workspaces.get(textAt(request, 'workspaceId'));
    if (workspace !== undefined && isFalse(workspace, 'settingValidateCertificates')) draft.insecure();
    draft.notes(textAt(request, 'description'));
    const message = textAt(request, 'message');
    if (message !== '') draft.message(textMessage('Message', message, this.#templates, `${draft.where} › Message`));
    draft.finish();
  }

  #authentication(request: JsonObject, draft: WebSocketDraft): void {
    const type = nameAt(request, 'authenticationType');
    const details = objectAt(request, 'authentication');
    if (type === '' || type === 'none') return;
    if (isTrue(details, 'disabled')) draft.leave('authentication', 'It is switched off.');
    else if (type === 'basic') draft.basic(textAt(details, 'username'), textAt(details, 'password'));
    else if (type === 'bearer') {
      const prefix = nameAt(details, 'prefix');
      if (prefix === '' || /^bearer$/i.test(prefix)) draft.bearer(textAt(details, 'token'));
      else draft.header('Authorization', `${prefix} ${textAt(details, 'token')}`);
    } else draft.leave('authentication', `${type} is not understood, only basic and bearer.`);
  }
}

/** @returns its name */
export function readYaak(file: JsonObject, findings: Findings): string {
  return new Yaak(file, findings).read();
}
