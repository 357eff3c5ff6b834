import { UserError } from '../core/errors.ts';
import type { Upload } from '../core/request.ts';
import { decodeText } from '../notes/decode-text.ts';

/** A note of a megabyte would take an evening to read. */
export const MAX_UPLOAD = 1024 * 1024;
const KB = 1024;

/** First bytes of what people send by mistake. */
const FORMATS: readonly (readonly [string, readonly number[]])[] = [
  ['ZIP / DOCX', [0x50, 0x4b]],
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['GZIP', [0x1f, 0x8b]],
];

/**
 * The text of an uploaded file. What is too large by what the platform says is not fetched at all.
 * @throws UserError that names the fix: `upload-too-large`, `upload-not-text`, `upload-empty`, or what `read` throws
 */
export async function readUpload({ name, size, read }: Upload): Promise<string> {
  const tooLarge = (bytes: number) =>
    new UserError('upload-too-large', { name: name.slice(0, 60), size: Math.ceil(bytes / KB), limit: MAX_UPLOAD / KB });
  if (size > MAX_UPLOAD) throw tooLarge(size);
  const bytes = await read();
  if (bytes.length > MAX_UPLOAD) throw tooLarge(bytes.length);
  const format = FORMATS.find(([, start]) => start.every((byte, i) => bytes[i] === byte))?.[0];
  const text = format === undefined ? decodeText(bytes) : undefined;
  if (text === undefined) throw new UserError('upload-not-text', { name: name.slice(0, 60), format: format ?? '?' });
  if (text.trim() === '') throw new UserError('upload-empty', { name: name.slice(0, 60) });
  return text;
}

/**
 * Fetches a file from an address.
 * @param door the media type of the page that stands there instead for who may not have the file
 * @throws UserError `upload-refused`
 */
export async function fetchUpload(name: string, url: string, headers: Record<string, string> = {}, door?: string): Promise<Uint8Array> {
  const refused = (reason: string, cause?: unknown) =>
    new UserError('upload-refused', { name: name.slice(0, 60), reason }, cause === undefined ? undefined : { cause });
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(20_000) }).catch((error: Error) => {
    throw refused(error.message, error);
  });
  if (!response.ok) throw refused(String(response.status));
  if (door && response.headers.get('Content-Type')?.startsWith(door) && !/\.html?$/i.test(name)) throw refused('403');
  // A host that tells another size than it sends must not fill our memory.
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    length += part.length;
    if (length > MAX_UPLOAD) break;
  }
  return Buffer.concat(parts);
}
