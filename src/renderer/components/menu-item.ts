import type { Component } from 'svelte';

/** One line of a menu. */
export type MenuItem =
  | {
      readonly type?: 'action';
      readonly label: string;
      /** A second, quieter line: what it does. */
      readonly hint?: string;
      /** `Mod+T`: shown as the platform writes it; the key itself is handled elsewhere. */
      readonly shortcut?: string;
      /** A Lucide icon component. */
      readonly icon?: Component<{ size?: number }>;
      readonly danger?: boolean;
      readonly disabled?: boolean;
      readonly onselect: () => void;
    }
  | { readonly type: 'separator' };
