import type { Transaction } from 'kysely';
import type { Schema } from '../store/schema.ts';
import { accountOf } from './person.ts';

/** What an account answered, as the person's. */
export interface PersonalResult {
  account: string;
  user: string;
  credit: number;
}

/**
 * The learners behind the accounts that answered in a space, by the place where their learning is kept. Who answered
 * as two accounts counts once, as the first.
 */
export async function learnersOf(
  trx: Transaction<Schema>,
  { platform, space }: { platform: string; space: string },
  results: readonly { user: string; credit: number }[],
): Promise<{ platform: string; space: string; answers: PersonalResult[] }[]> {
  const { space: linkedIn } = accountOf({ platform, space, user_id: '' });
  const rows = await trx
    .selectFrom('accounts')
    .select(['user_id', 'person_platform', 'person_space', 'person_id'])
    .where((eb) => eb.and({ platform, space: linkedIn }))
    .execute();
  const linked = new Map(rows.map((row) => [row.user_id, row]));
  const places = new Map<string, { platform: string; space: string; answers: PersonalResult[] }>();
  const seen = new Set<string>();
  for (const { user: account, credit } of results) {
    const row = linked.get(account);
    const person = row
      ? { platform: row.person_platform, space: row.person_space, user: row.person_id }
      : { platform, space, user: account };
    const key = JSON.stringify(person);
    if (seen.has(key)) continue;
    seen.add(key);
    const where = JSON.stringify([person.platform, person.space]);
    const place = places.get(where) ?? { platform: person.platform, space: person.space, answers: [] };
    place.answers.push({ account, user: person.user, credit });
    places.set(where, place);
  }
  return [...places.values()];
}
