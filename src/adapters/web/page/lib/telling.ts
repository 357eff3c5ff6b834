import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';

/** What the line below the header says, and what screen readers are told. */
export const noticed = signal<ComponentChildren>(undefined);
export const announced = signal({ text: '', nth: 0 });

/** Says something to screen readers, once the running announcement is over; what was said before is said again. */
export function announce(text: string): void {
  announced.value = { text, nth: announced.value.nth + 1 };
}

let hiding = 0;
/** Shows a line below the header; without `ms` it stays until the next one. */
export function notice(content?: ComponentChildren, ms?: number): void {
  clearTimeout(hiding);
  noticed.value = content;
  if (content && ms) hiding = window.setTimeout(() => notice(), ms);
}
