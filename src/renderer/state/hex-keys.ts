/** Where a key moves to in a hex view. */
import { HEX_LINE_BYTES } from '../format/hex.ts';

/** @returns the new byte offset, or null when the key does not move */
export function hexMove(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  caret: number,
  total: number,
  pageLines: number,
): number | null {
  if (event.altKey) return null;
  const whole = event.ctrlKey || event.metaKey;
  const target = (): number | null => {
    switch (event.key) {
      case 'ArrowLeft':
        return caret - 1;
      case 'ArrowRight':
        return caret + 1;
      case 'ArrowUp':
        return caret < HEX_LINE_BYTES ? caret : caret - HEX_LINE_BYTES;
      case 'ArrowDown':
        return caret + HEX_LINE_BYTES < total ? caret + HEX_LINE_BYTES : caret;
      case 'PageUp':
        return caret - pageLines * HEX_LINE_BYTES;
      case 'PageDown':
        return caret + pageLines * HEX_LINE_BYTES;
      case 'Home':
        return whole ? 0 : caret - (caret % HEX_LINE_BYTES);
      case 'End':
        return whole ? total - 1 : caret - (caret % HEX_LINE_BYTES) + HEX_LINE_BYTES - 1;
      default:
        return null;
    }
  };
  const moved = target();
  return moved === null ? null : Math.max(0, Math.min(total - 1, moved));
}
