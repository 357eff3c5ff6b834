/** A text of Postgres cannot hold U+0000, which SQLite's can: it becomes the sign for what cannot be shown. */
export function withoutNul(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
