/** Files that are dropped on the window: on the composer they are to be sent, elsewhere they are opened. */
import { DROPPED_FILES } from '../../../shared/handover.ts';
import type { Notices } from '../notices.svelte.ts';
import type { SessionTab } from '../session-tab.svelte.ts';
import type { Handovers } from './handovers.svelte.ts';

export interface FileDropHost {
  readonly notices: Notices;
  readonly handovers: Handovers;
  readonly active: SessionTab | null;
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const COMPOSER = '[aria-label="Composer"]';

/** Where a dropped file is; null where the host does not tell, which no browser does. */
function pathOf(file: File): string | null {
  const files: unknown = Reflect.get(window, DROPPED_FILES);
  const ask: unknown = typeof files === 'object' && files !== null ? Reflect.get(files, 'pathOf') : undefined;
  const path: unknown = typeof ask === 'function' ? Reflect.apply(ask, files, [file]) : Reflect.get(file, 'path');
  return typeof path === 'string' && path !== '' ? path : null;
}

export class FileDrop {
  /** Where the composer is, while a file is dragged over it. */
  over = $state.raw<Place | null>(null);
  readonly #host: () => FileDropHost;

  constructor(host: () => FileDropHost) {
    this.#host = host;
  }

  /** A drag is over something: takes it when it has files. Everything else that is dragged is of others. */
  drag(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    const composer = this.#composerAt(event);
    this.over = composer === null ? null : composer.getBoundingClientRect();
  }

  /** The drag has left the window, or is over. */
  end(event: DragEvent): void {
    if (event.relatedTarget === null) this.over = null;
  }

  drop(event: DragEvent): void {
    this.over = null;
    const files = event.dataTransfer === null ? [] : [...event.dataTransfer.files];
    const [first, ...more] = files;
    if (first === undefined) return;
    event.preventDefault();
    const { notices, handovers, active } = this.#host();
    const paths = files.map(pathOf);
    const isToSend = this.#composerAt(event) !== null;
    if (paths.includes(null)) {
      const how = isToSend
        ? 'choose the format File and type its path'
        : 'type its path under Open recording or Import';
      notices.show(`This window is not told where a dropped file is: ${how}.`, { tone: 'bad' });
      return;
    }
    if (!isToSend) {
      for (const path of paths) if (path !== null) handovers.drop(path);
      return;
    }
    if (more.length > 0) notices.show(`One file is sent at a time: ${first.name} was taken.`);
    const [path] = paths;
    if (path != null) void active?.composer.takeFile(path);
  }

  #composerAt({ target }: DragEvent): Element | null {
    const { active } = this.#host();
    const composer = target instanceof Element ? target.closest(COMPOSER) : null;
    return active !== null && !active.isReadOnly && active.composer.formats.includes('File') ? composer : null;
  }
}
