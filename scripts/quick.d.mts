/** A file of TypeScript without its types, kept or now kept. */
export function plain(text: string): string;
