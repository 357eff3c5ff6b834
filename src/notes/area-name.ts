import type { Translate } from '../core/i18n.ts';

/** The area's name; a group's own areas have no translation and are shown as they are. */
export function areaName(t: Translate, area: string): string {
  const key = `notes.area-${area}`;
  const name = t(key);
  return name.includes(key) ? area : name;
}
