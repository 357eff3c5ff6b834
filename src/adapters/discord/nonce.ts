import { createHash } from 'node:crypto';

/** A key as a nonce: Discord gives back the first message for a nonce that it has seen in the last minutes. */
export function nonceOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 24);
}
