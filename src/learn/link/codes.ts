import { randomInt } from 'node:crypto';
import type { Db } from '../../store/database.ts';
import { hashOf } from '../../store/secrets.ts';
import type { Person } from '../service.ts';

/** Crockford's letters and digits: none that looks like another. Eight of them are 40 bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 8;
/** A code is for the moment in which one walks from one device to the other. */
export const VALID_FOR = 10 * 60_000;

/** Who gave a code. */
export interface Giver {
  account: Person;
  name: string;
}

/** A code as it is read out: `7F3K-9QMD`. */
function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}

/** What somebody typed, as the code that it must mean: O is 0, I and L are 1, spaces and strokes are nothing. */
function hashOfTyped(typed: string): string {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '');
  return hashOf(letters.replaceAll('O', '0').replaceAll(/[IL]/g, '1'));
}

/** Gives an account a code; the one that it had before opens nothing any more. */
export async function giveCode(db: Db, { account, name }: Giver, now: number): Promise<{ code: string; expiresAt: number }> {
  const code = newCode();
  const row = { hash: hashOfTyped(code), name, expires_at: now + VALID_FOR };
  await db.deleteFrom('link_codes').where('expires_at', '<=', now).execute();
  await db
    .insertInto('link_codes')
    .values({ ...account, ...row })
    .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet(row))
    .execute();
  return { code, expiresAt: row.expires_at };
}

/** Who gave this code; undefined for a wrong one, an old one and one that was used. */
export async function findCode(db: Pick<Db, 'selectFrom'>, typed: string, now: number): Promise<Giver | undefined> {
  const row = await db
    .selectFrom('link_codes')
    .selectAll()
    .where('hash', '=', hashOfTyped(typed))
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row && { account: { platform: row.platform, space: row.space, user_id: row.user_id }, name: row.name };
}

/** Takes a code away. @returns whether it was still there: of two who use it at once, one does. */
export async function useCode(db: Pick<Db, 'deleteFrom'>, typed: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('link_codes').where('hash', '=', hashOfTyped(typed)).executeTakeFirst();
  return numDeletedRows > 0n;
}
