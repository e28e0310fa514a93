import type { Theme } from '../../shared/workspace.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
let chosen: Theme = 'system';

/** Puts the theme on the document; `system` goes on following the system. */
export function applyTheme(theme: Theme): void {
  chosen = theme;
  document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
}

dark.addEventListener('change', () => {
  applyTheme(chosen);
});
