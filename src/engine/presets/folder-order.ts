/** The order files of a workspace folder, kept up with what is moved, renamed and copied in it. */
import { success, type Outcome } from '../../shared/errors.ts';
import type { FolderFiles } from './folder-files.ts';
import { nameOf, ORDER_FILE, parentOf, placeIn } from './place.ts';
import type { PresetTree } from './preset-tree.ts';

export class FolderOrder {
  readonly #files: FolderFiles;
  readonly #tree: PresetTree;

  constructor(files: FolderFiles, tree: PresetTree) {
    this.#files = files;
    this.#tree = tree;
  }

  /** Puts a child before another one of its folder, or to the end, and writes the order of all of them. */
  async put(place: string, before: string | null): Promise<Outcome> {
    const folder = parentOf(place);
    const others = (await this.#tree.children(folder)).filter((name) => name !== nameOf(place));
    const at = before === null ? -1 : others.indexOf(before);
    const names = at < 0 ? [...others, nameOf(place)] : [...others.slice(0, at), nameOf(place), ...others.slice(at)];
    return this.#write(folder, () => names, true);
  }

  /** A copy comes after what it was copied from, where there is an order at all. */
  async putAfter(place: string, sibling: string): Promise<void> {
    await this.#write(parentOf(place), (names) => {
      const at = names.indexOf(sibling);
      return at < 0 ? null : [...names.slice(0, at + 1), nameOf(place), ...names.slice(at + 1)];
    });
  }

  /** @param name null: it is not in this folder any more */
  async rename(place: string, name: string | null): Promise<void> {
    await this.#write(parentOf(place), (names) => {
      if (!names.includes(nameOf(place))) return null;
      return names.flatMap((one) => (one !== nameOf(place) ? [one] : name === null ? [] : [name]));
    });
  }

  /**
   * Changes an order file. A broken one is left as it is.
   * @param change names as they are → as they are to be; null: they stay
   * @param isMade whether there is to be one when there is none
   */
  async #write(
    folder: string,
    change: (names: readonly string[]) => readonly string[] | null,
    isMade = false,
  ): Promise<Outcome> {
    const place = placeIn(folder, ORDER_FILE);
    const found = await this.#files.read(place);
    if (!found.ok && found.error.code !== 'file-not-found') return found;
    if (!found.ok && !isMade) return success();
    const { orderText, readOrder } = await import('./order.ts');
    const names = found.ok ? readOrder(found.value.text, place) : success([]);
    if (!names.ok) return names;
    const changed = change(names.value);
    if (changed === null) return success();
    const text = orderText(changed, found.ok ? found.value.text : null, place);
    if (!text.ok) return text;
    const written = await this.#files.write(place, text.value, found.ok ? found.value.revision : null);
    return written.ok ? success() : written;
  }
}
