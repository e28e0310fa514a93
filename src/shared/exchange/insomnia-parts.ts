/** Requests, folders and environments of Insomnia, as both of its formats write them. */
import { REDIRECTS_MOST } from '../websocket-limits.ts';
import type { Findings } from './findings.ts';
import { textMessage } from './found-message.ts';
import type { FoundVariables } from './found-variables.ts';
import { isTrue, nameAt, objectAt, objectsAt, textAt, type JsonObject } from './json.ts';
import { Templates } from './templates.ts';
import { flatVariables } from './variable-tree.ts';
import { WebSocketDraft, type Parameter } from './websocket-draft.ts';

/** `{ name, value, disabled }`, as headers and parameters are written. */
function pairs(items: readonly JsonObject[], what: string, draft: WebSocketDraft): readonly Parameter[] {
  const used: Parameter[] = [];
  for (const item of items) {
    const name = nameAt(item, 'name');
    // Shown in the list of headers, and not sent as such.
    if (isTrue(item, 'readOnly')) continue;
    if (isTrue(item, 'disabled')) draft.leave(`${what} ${name}`, 'It is switched off.');
    else if (name !== '') used.push({ name, value: textAt(item, 'value') });
  }
  return used;
}

interface NamedVariables {
  readonly name: string;
  readonly variables: FoundVariables;
}

/** Reads requests and environments, which both formats write in the same way. */
export class InsomniaParts {
  readonly #findings: Findings;
  readonly #templates: Templates;

  constructor(findings: Findings) {
    this.#findings = findings;
    this.#templates = new Templates('insomnia', findings);
  }

  /** @param payloads its messages, where the export has them */
  webSocket(request: JsonObject, folders: readonly string[], payloads: readonly JsonObject[]): void {
    const name = nameAt(request, 'name') || nameAt(request, 'url') || 'Unnamed';
    const draft = new WebSocketDraft(folders, name, this.#findings, this.#templates);
    draft.address(
      textAt(request, 'url'),
      pairs(objectsAt(request, 'parameters'), 'parameter', draft),
      pairs(objectsAt(request, 'pathParameters'), 'path parameter', draft),
    );
    for (const header of pairs(objectsAt(request, 'headers'), 'header', draft)) draft.header(header.name, header.value);
    this.#authentication(objectAt(request, 'authentication'), draft);
    const redirects =
      textAt(request, 'settingFollowRedirects') || textAt(objectAt(request, 'settings'), 'followRedirects');
    if (redirects === 'on') draft.followRedirects(REDIRECTS_MOST);
    draft.notes(textAt(request, 'description') || textAt(objectAt(request, 'meta'), 'description'));
    for (const [index, payload] of payloads.entries()) {
      const title = nameAt(payload, 'name') || `Message ${index + 1}`;
      draft.message(textMessage(title, textAt(payload, 'value'), this.#templates, `${draft.where} › ${title}`));
    }
    draft.finish();
  }

  #authentication(authentication: JsonObject, draft: WebSocketDraft): void {
    const type = nameAt(authentication, 'type');
    if (type === '' || type === 'none') return;
    if (isTrue(authentication, 'disabled')) draft.leave('authentication', 'It is switched off.');
    else if (type === 'basic') draft.basic(textAt(authentication, 'username'), textAt(authentication, 'password'));
    else if (type === 'bearer') {
      const prefix = nameAt(authentication, 'prefix');
      const token = textAt(authentication, 'token');
      if (prefix === '' || /^bearer$/i.test(prefix)) draft.bearer(token);
      else draft.header('Authorization', `${prefix} ${token}`);
    } else if (type === 'apikey' && (textAt(authentication, 'addTo') || 'header') === 'header') {
      draft.header(textAt(authentication, 'key'), textAt(authentication, 'value'));
    } else draft.leave('authentication', `${type} is not understood, only basic, bearer and apikey in a header.`);
  }

  /** Of a folder: what Insomnia gives to all that is in it. */
  folderAsides(group: JsonObject, where: string): void {
    if (Object.keys(objectAt(group, 'environment')).length > 0) {
      this.#findings.leave(`${where} › environment`, 'Variables of a folder: put them into an environment.');
    }
    if (objectsAt(group, 'headers').length > 0) {
      this.#findings.leave(`${where} › headers`, 'Headers for all that is in it: put them into each preset.');
    }
    if (nameAt(objectAt(group, 'authentication'), 'type') !== '') {
      this.#findings.leave(
        `${where} › authentication`,
        'Authorization for all that is in it: choose it in each preset.',
      );
    }
    const scripts = objectAt(group, 'scripts');
    if (
      [textAt(scripts, 'preRequest'), textAt(scripts, 'afterResponse'), textAt(group, 'preRequestScript')].some(Boolean)
    ) {
      this.#findings.leave(`${where} › scripts`, 'Scripts do not run here.');
    }
  }

  environment(source: JsonObject, name: string): NamedVariables {
    return { name, variables: flatVariables(objectAt(source, 'data'), name, this.#findings, this.#templates) };
  }

  other(where: string, what: string): void {
    this.#findings.leave(where, `${what}; only WebSocket is understood.`);
  }
}
