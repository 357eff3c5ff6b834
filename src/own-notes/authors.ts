import { isSameEverywhere } from '../learn/person.ts';
import type { Person } from '../learn/service.ts';
import type { Db } from '../store/database.ts';

/** What one person has to do with notes: the versions that they wrote, said or let be published. */
function versionsOf(db: Db, { platform, space, user_id }: Person) {
  return db
    .selectFrom('note_versions')
    .where('platform', '=', platform)
    .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
    .where((eb) => eb.or([eb('author', '=', user_id), eb('said_by', '=', user_id), eb('reviewer', '=', user_id)]));
}

/** The texts that an account wrote, to take away. */
export function writtenBy(db: Db, account: Person) {
  return versionsOf(db, account)
    .select(['topic', 'kind', 'locale', 'version', 'text', 'at'])
    .where('author', '=', account.user_id)
    .execute();
}

/** Takes an account out of the notes: what it wrote belongs to its group and stays, without a name. */
export async function forgetAuthor(trx: Db, account: Person): Promise<void> {
  const { platform, space, user_id } = account;
  const spaces = await versionsOf(trx, account).select('space').distinct().execute();
  const nobody = [
    ['author', { author: null, author_name: null }],
    ['said_by', { said_by: null, said_name: null, said_url: null }],
    ['reviewer', { reviewer: null, reviewed_by: null }],
  ] as const;
  for (const [column, empty] of nobody)
    await trx
      .updateTable('note_versions')
      .set(empty)
      .where('platform', '=', platform)
      .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
      .where(column, '=', user_id)
      .execute();
  await trx
    .deleteFrom('note_managers')
    .where('platform', '=', platform)
    .where('kind', '=', 'user')
    .where('id', '=', user_id)
    .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
    .execute();
  // Answers that named them as the source are read anew, everywhere.
  for (const found of spaces)
    await trx
      .updateTable('note_spaces')
      .set((eb) => ({ generation: eb('generation', '+', 1) }))
      .where((eb) => eb.and({ platform, space: found.space }))
      .execute();
}
