import type { Request, User } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { Person } from './service.ts';

/** The space of a direct message on a platform whose servers are spaces. */
const DIRECT = 'dm';

/** Who asks, and where. */
export type Asker = Pick<Request, 'platform' | 'space'> & { user: Pick<User, 'id'> };

/** Discord's ids name the same person on every server; elsewhere an id counts within its space only. */
export function isSameEverywhere(platform: string): boolean {
  return platform === 'discord';
}

/** A direct message on a platform whose servers are spaces belongs to nobody's space. */
export function isNowhere({ platform, space }: Pick<Person, 'platform' | 'space'>): boolean {
  return isSameEverywhere(platform) && space === DIRECT;
}

/** The person in the space that a button names, where that can be no one else. */
export function inSpace(person: Person, space: string | undefined): Person {
  return space && isSameEverywhere(person.platform) ? { ...person, space } : person;
}

/** An account as links know it: without a space where the id names the same person everywhere. */
export function accountOf({ platform, space, user_id }: Person): Person {
  return { platform, space: isSameEverywhere(platform) ? '' : space, user_id };
}

/**
 * The key under which everything is kept that this account has learnt: its own, or that of the person it is linked to.
 * @param there the space that a button names, for who is not linked.
 */
export async function personOf(db: Db, { platform, space, user }: Asker, there?: string): Promise<Person> {
  const person = { platform, space, user_id: user.id };
  const linked = await linkOf(db, person);
  if (linked) return linked;
  if (there && isSameEverywhere(platform)) return inSpace(person, there);
  // In a direct message, which belongs to no server, it is who they were where they answered last.
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

/** Whom an account is linked to; undefined where it stands for itself. */
export async function linkOf(db: Pick<Db, 'selectFrom'>, account: Person): Promise<Person | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['person_platform', 'person_space', 'person_id'])
    .where((eb) => eb.and({ ...accountOf(account) }))
    .executeTakeFirst();
  return row && { platform: row.person_platform, space: row.person_space, user_id: row.person_id };
}

/** Every account of a person, the one whose key they have first. */
export async function accountsOf(db: Pick<Db, 'selectFrom'>, person: Person): Promise<Person[]> {
  const { platform: person_platform, space: person_space, user_id: person_id } = person;
  const rows = await db
    .selectFrom('accounts')
    .select(['platform', 'space', 'user_id'])
    .where((eb) => eb.and({ person_platform, person_space, person_id }))
    .orderBy('platform')
    .orderBy('user_id')
    .execute();
  const own = accountOf(person);
  return [own, ...rows.filter((row) => !isSame(row, own))];
}

export function isSame(a: Person, b: Person): boolean {
  return a.platform === b.platform && a.space === b.space && a.user_id === b.user_id;
}
