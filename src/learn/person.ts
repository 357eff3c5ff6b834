import type { Request } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { Person } from './service.ts';

/** The space of a direct message on a platform whose servers are spaces. */
const DIRECT = 'dm';

/** Discord's ids name the same person on every server; elsewhere an id counts within its space only. */
export function isSameEverywhere(platform: string): boolean {
  return platform === 'discord';
}

/** The person in the space that a button names, where that can be no one else. */
export function inSpace(person: Person, space: string | undefined): Person {
  return space && isSameEverywhere(person.platform) ? { ...person, space } : person;
}

/** Who asks. In a direct message, which belongs to no server, it is who they were where they answered last. */
export async function personOf(db: Db, { platform, space, user }: Pick<Request, 'platform' | 'space' | 'user'>): Promise<Person> {
  const person = { platform, space, user_id: user.id };
  if (space !== DIRECT || !isSameEverywhere(platform)) return person;
  const last = await db
    .selectFrom('review_log')
    .select('space')
    .where((eb) => eb.and({ platform, user_id: user.id }))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return inSpace(person, last?.space);
}
