/** Giving a tab a name. */
import type { PresetEntry } from '../../shared/presets-contract.ts';
import type { SessionTab } from './session-tab.svelte.ts';
import type { Workbench } from './workbench.svelte.ts';

/** A tab with its preset goes by the name of that. */
function presetOf(workbench: Workbench, tab: SessionTab): PresetEntry | undefined {
  const { link, trouble } = tab.preset;
  if (link === null || trouble !== null) return undefined;
  return workbench.folder.presets.find(link.path, link.id);
}

/**
 * Of a preset the file gets the name, of a recording its line in History; what a tab records goes by its name in
 * History, too. An empty name: it goes by its address again.
 */
export async function renameTab(workbench: Workbench, tab: SessionTab, name: string): Promise<void> {
  const wanted = name.trim();
  if (wanted === tab.name) return;
  const preset = presetOf(workbench, tab);
  if (preset !== undefined) {
    await workbench.folder.presets.rename(preset, wanted);
    return;
  }
  const { recordingId } = tab;
  const recording = recordingId === null ? undefined : workbench.history.find(recordingId);
  if (!tab.isReadOnly) tab.title = wanted;
  if (recording !== undefined) await workbench.history.rename(recording, wanted);
  // It has begun only just now, and is not listed yet.
  else if (recordingId !== null) {
    await workbench.client.call('recordings.update', { recording: recordingId, name: wanted });
  }
}
