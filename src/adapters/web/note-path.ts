/**
 * Where the page shows a topic, open at what a unit names: `?why` an answered question, `#maths` a section. Sections
 * have the plain names there, so that answers have a prefix.
 */
export function notePath(topic: string, unit = ''): string {
  const anchor = unit.startsWith('?') ? askAnchor(unit.slice(1)) : unit.slice(1);
  return `/notes/${encodeURIComponent(topic)}${anchor ? `#${encodeURIComponent(anchor)}` : ''}`;
}

/** @param name of an answered question within its topic: `test-time` */
export function askAnchor(name: string): string {
  return `ask-${name}`;
}
