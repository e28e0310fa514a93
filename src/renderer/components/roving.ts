/**
 * Which of `count` items a key moves to, in lists where one item is in the tab
 * order and arrows move between them (WAI-ARIA Authoring Practices, "roving tabindex").
 *
 * @returns the new index, or null when the key does not move
 */
export function rovingTarget(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return (index + 1) % count;
    case 'ArrowLeft':
    case 'ArrowUp':
      return (index - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
