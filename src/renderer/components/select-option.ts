import type { Component } from 'svelte';

/** One choice of a `Select` or a `SegmentedControl`. */
export interface SelectOption<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** What the closed control says, where the label is long. */
  readonly short?: string;
  /** A second, quieter line. */
  readonly hint?: string;
  /** A Lucide icon component, of a `SegmentedControl`: stands in place of the label, which then is its name. */
  readonly icon?: Component<{ size?: number }>;
  readonly disabled?: boolean;
}
