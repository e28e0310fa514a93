/** What can be done with an entry of the tree, as lines of its menu. */
import type { PresetEntry } from '../../../shared/presets-contract.ts';
import type { MenuItem } from '../../components/menu-item.ts';
import type { Workbench } from '../../state/workbench.svelte.ts';

/** @param entry null: the workspace itself */
export function presetMenu(workbench: Workbench, entry: PresetEntry | null): readonly MenuItem[] {
  const { presets, presetTabs, exchange } = workbench.folder;
  const path = entry?.path ?? '';
  const reveal: readonly MenuItem[] = [
    ...(workbench.canReveal() ? [{ label: 'Reveal in file manager', onselect: () => void presets.reveal(path) }] : []),
    { label: 'Copy path', hint: path, onselect: () => void presets.copyPath(path) },
  ];
  const takeIn: readonly MenuItem[] = [
    { label: 'New folder', onselect: () => void presets.createFolder(path) },
    {
      label: 'Import…',
      onselect: () => {
        exchange.importer.show(path);
      },
    },
  ];
  const giveOut: MenuItem = {
    label: entry === null ? 'Export everything…' : 'Export…',
    hint: 'as one file, without secrets',
    onselect: () => {
      exchange.exporter.show(path, entry?.name ?? presets.folder?.current.name ?? 'workspace');
    },
  };
  if (entry === null) return [...takeIn, giveOut, ...reveal];

  const change: readonly MenuItem[] = [
    {
      label: 'Rename',
      shortcut: 'F2',
      onselect: () => {
        presets.tree.renaming = entry.path;
      },
    },
    { label: 'Duplicate', onselect: () => void presets.duplicate(entry) },
  ];
  const remove: readonly MenuItem[] = [
    { type: 'separator' },
    { label: 'Delete', shortcut: 'Delete', danger: true, onselect: () => void presets.delete(entry) },
  ];
  switch (entry.type) {
    case 'folder':
      return [...takeIn, { type: 'separator' }, ...change, giveOut, ...reveal, ...remove];
    case 'preset': {
      const copies = exchange.copyItemsOf(entry);
      return [
        { label: 'Open', shortcut: 'Enter', onselect: () => void presetTabs.open(entry) },
        { label: 'Open in new tab', shortcut: 'Mod+Enter', onselect: () => void presetTabs.open(entry, true) },
        { type: 'separator' },
        ...change,
        giveOut,
        ...reveal,
        ...(copies.length > 0 ? [{ type: 'separator' as const }] : []),
        ...copies,
        ...remove,
      ];
    }
    case 'broken':
      return [
        {
          label: 'What is wrong?',
          onselect: () => {
            presetTabs.tellBroken(entry);
          },
        },
        ...reveal,
        ...remove,
      ];
  }
}
