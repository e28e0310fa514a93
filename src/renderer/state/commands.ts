/** What the window does at a command, whether a key or the native menu gives it. */
import { tick } from 'svelte';
import type { AppCommand } from '../../shared/app-commands.ts';
import { sentence } from '../../shared/errors.ts';
import { focusOn } from './focus.ts';
import type { Workbench } from './workbench.svelte.ts';

/** Another tab by a key: the focus goes to it. What has it now learns so while it still stands. */
export function switchTab(workbench: Workbench, change: () => void): void {
  const front = workbench.active;
  const focused = document.activeElement;
  if (focused instanceof HTMLElement) focused.blur();
  change();
  if (workbench.active !== front) void tick().then(() => focusOn('tab', 'welcome'));
  else if (focused instanceof HTMLElement) focused.focus();
}

async function openRecording(workbench: Workbench): Promise<void> {
  const path = await workbench.chooseFile();
  if (path !== null) await workbench.recordings.open({ path });
}

async function openFolder({ client, notices, folder }: Workbench): Promise<void> {
  const chosen = await client.call('file.chooseFolder', {});
  if (chosen.ok && chosen.value.path === null) return;
  const error = chosen.ok ? await folder.presets.openFolder(chosen.value.path ?? '') : chosen.error;
  if (error !== null) notices.show(sentence(error), { tone: 'bad' });
}

function checkServer({ active, notices, serverCheck }: Workbench): void {
  const standards = active?.spec.standards;
  if (active === null || standards === undefined) {
    notices.show('Only the server of a WebSocket client can be checked: open its tab first.');
    return;
  }
  const { spec, address, options } = active;
  serverCheck.ask({ config: { protocol: spec.id, address, options }, standards });
}

/** Those that are meant for the session in front, and do nothing without one. */
function runInTab(workbench: Workbench, command: AppCommand): void {
  const { active } = workbench;
  if (active === null) return;
  if (command === 'save') void workbench.folder.presetTabs.save(active);
  else if (command === 'goto') active.goTo();
  else if (command === 'export') active.exporter.open();
  else if (command === 'close') {
    switchTab(workbench, () => {
      workbench.closeTab(active);
    });
  } else if (active.isReadOnly) return;
  else if (command === 'toggle') void workbench.toggle(active);
  else if (command === 'send') void active.composer.send(null);
}

export function runCommand(workbench: Workbench, command: AppCommand): void {
  switch (command) {
    case 'new':
      workbench.newMenuOpen = true;
      return;
    case 'reopen':
      switchTab(workbench, () => {
        workbench.reopenTab();
      });
      return;
    case 'next':
    case 'previous':
      switchTab(workbench, () => {
        workbench.step(command === 'next' ? 1 : -1);
      });
      return;
    case 'address':
    case 'message':
      focusOn(command);
      return;
    case 'find':
      if (workbench.active?.section === 'terminal') workbench.active.terminal.finding = true;
      else focusOn('filter');
      return;
    case 'presets':
      workbench.sidebar = true;
      void tick().then(() => focusOn('presets'));
      return;
    case 'sidebar':
      workbench.sidebar = !workbench.sidebar;
      return;
    case 'sheet':
      workbench.sheetOpen = true;
      return;
    case 'openRecording':
      void openRecording(workbench);
      return;
    case 'openFolder':
      void openFolder(workbench);
      return;
    case 'import':
      workbench.folder.exchange.importer.show('');
      return;
    case 'environment':
      workbench.folder.variables.show('');
      return;
    case 'inspectAddress':
      workbench.inspector.show();
      return;
    case 'check':
      checkServer(workbench);
      return;
    case 'themeSystem':
      workbench.theme = 'system';
      return;
    case 'themeDark':
      workbench.theme = 'dark';
      return;
    case 'themeLight':
      workbench.theme = 'light';
      return;
    case 'close':
    case 'save':
    case 'goto':
    case 'export':
    case 'toggle':
    case 'send':
      runInTab(workbench, command);
  }
}
