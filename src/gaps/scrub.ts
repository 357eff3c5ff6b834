import { createHmac } from 'node:crypto';
import { isSameEverywhere } from '../learn/person.ts';
import type { Person } from '../learn/service.ts';
import type { Db } from '../store/database.ts';
import { newToken, secretOnce } from '../store/secrets.ts';

/** Longer questions are stories; their beginning says what is asked. */
const MAX_KEPT = 400;
const SALT = 'gaps-salt';

/** A question without what names a person: mentions, addresses, numbers to call. */
export function scrub(question: string): string {
  const text = question
    .replace(/<[@#!][^>\s]*>/g, '…')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '…')
    .replace(/(?<![\w/])@[\p{L}\p{N}_.-]{2,}/gu, '…')
    .replace(/\+?\d[\d ()-]{7,}\d/g, '…')
    .replace(/\s+/g, ' ')
    .trim();
  return [...text].slice(0, MAX_KEPT).join('');
}

/** The key by which an account's questions are found again to be erased; without the salt it names nobody. */
export async function askerOf(db: Db, { platform, space, user_id }: Person): Promise<string> {
  const { value: salt } = await secretOnce(db, SALT, newToken);
  return createHmac('sha256', salt)
    .update(JSON.stringify([platform, isSameEverywhere(platform) ? '' : space, user_id]))
    .digest('base64url');
}

/** `/forget-me`: the questions that the account asked go. */
export async function forgetGaps(db: Db, account: Person): Promise<void> {
  await db
    .deleteFrom('gaps')
    .where('asker', '=', await askerOf(db, account))
    .execute();
}
