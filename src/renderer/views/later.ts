/** Views that the first picture of an empty window does not need: a script of their own, which is loaded after it. */
export { default as VariablesDialog } from './environments/VariablesDialog.svelte';
export { default as ImportDialog } from './exchange/ImportDialog.svelte';
export { default as Handovers } from './links/Handovers.svelte';
export { default as SavePreset } from './presets/SavePreset.svelte';
export { default as RecordedView } from './RecordedView.svelte';
export { default as RecordingSettings } from './RecordingSettings.svelte';
export { default as ServerCheck } from './ServerCheck.svelte';
export { default as SessionView } from './SessionView.svelte';
export { default as ShortcutsSheet } from './ShortcutsSheet.svelte';
