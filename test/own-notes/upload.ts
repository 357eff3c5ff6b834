import type { Upload } from '../../src/core/request.ts';

/** A file as a platform hands it over. */
export function upload(text: string | Uint8Array, name = 'lecture.md'): Upload {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return { name, size: bytes.length, read: async () => bytes };
}
