/**
 * The row that a key moves to in a grid of `total` rows (WAI-ARIA Authoring
 * Practices, "grid"), or null when the key does not move.
 * @param page rows that Page Up and Page Down go
 */
export function gridKeyTarget(key: string, row: number, total: number, page: number): number | null {
  if (total === 0) return null;
  const within = (wanted: number): number => Math.max(0, Math.min(wanted, total - 1));
  switch (key) {
    case 'ArrowDown':
      return within(row + 1);
    case 'ArrowUp':
      return within(row - 1);
    case 'PageDown':
      return within(row + page);
    case 'PageUp':
      return within(row - page);
    case 'Home':
      return 0;
    case 'End':
      return total - 1;
    default:
      return null;
  }
}
