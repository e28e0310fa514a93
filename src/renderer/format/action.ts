/** An action of a spec, as a menu names it. */
import type { ActionSpec } from '../../drivers/spec.ts';

/** With dots when it asks for something first, as menus have it everywhere. */
export function actionLabel({ label, fields }: Pick<ActionSpec, 'label' | 'fields'>): string {
  return fields === undefined ? label : `${label}…`;
}
