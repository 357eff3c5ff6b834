import { createHash, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Db } from './database.ts';

const derive = promisify<string | Buffer, Buffer, number, Buffer>(scrypt);
const KEY_BYTES = 32;
/** No letters that look alike. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

/** A token that nobody can guess, as it travels; what is stored is its hash. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token or code: it has enough chance in it that a plain hash tells nothing. */
export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** A password that can be read out: 16 letters and digits in fours, 79 bits. */
export function newPassword(): string {
  return Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')).join('-');
}

/** Passwords and other secrets of this installation, in the database: `scrypt$salt$key`, never the password. */
export async function setPassword(db: Db, name: string, password: string): Promise<void> {
  await store(db, name, await derived(password));
}

async function derived(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, KEY_BYTES);
  return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** Whether this is the password; false where none is set. */
export async function isPassword(db: Db, name: string, password: string): Promise<boolean> {
  const [, salt, key] = (await secret(db, name))?.split('$') ?? [];
  if (!salt || !key) return false;
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64url'), KEY_BYTES), Buffer.from(key, 'base64url'));
}

/** The stored value of that name. */
export async function secret(db: Db, name: string): Promise<string | undefined> {
  return (await db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst())?.value;
}

/**
 * The value of that name, made where there is none yet. Of several processes that start at once only one makes it, and
 * all are told the same.
 * @returns whether it was made now
 */
export async function secretOnce(db: Db, name: string, make: () => string | Promise<string>): Promise<{ value: string; made: boolean }> {
  const known = await secret(db, name);
  if (known !== undefined) return { value: known, made: false };
  const value = await make();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('secrets')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 0n ? { value: (await secret(db, name))!, made: false } : { value, made: true };
}

/** Keeps a value under a name. */
async function store(db: Db, name: string, value: string): Promise<void> {
  await db
    .insertInto('secrets')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

export const HOST_PASSWORD = 'host-password';

/** The host's password, where this is the start that makes it. @returns it, for the one time that it is shown */
export async function firstHostPassword(db: Db): Promise<string | undefined> {
  const password = newPassword();
  const { made } = await secretOnce(db, HOST_PASSWORD, () => derived(password));
  return made ? password : undefined;
}

/** A new password for the host, which signs every host out. @returns it, for the one time that it is shown. */
export async function resetHostPassword(db: Db): Promise<string> {
  const password = newPassword();
  await setPassword(db, HOST_PASSWORD, password);
  await db.updateTable('web_sessions').set({ host_until: null }).execute();
  return password;
}
