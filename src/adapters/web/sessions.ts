import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../store/database.ts';
import { hashOf, newToken } from '../../store/secrets.ts';
import { createPerson, renamePerson, type WebPerson } from './people.ts';

const DAY = 86_400_000;
/** Browsers keep a cookie for at most 400 days after they last got it. */
export const KEPT = 400 * DAY;
/** Between two looks for people who are gone. */
const LOOK_EVERY = 3_600_000;
/** What of a person outlives their session. */
const LASTING = ['people', 'learners', 'cards', 'review_log'] as const;
/** A host who goes away is asked again. */
const HOST_FOR = 12 * 60 * 60_000;

/** What is known of a browser or program by its token. */
export interface Session {
  token: string;
  person: WebPerson | undefined;
  /** Has given the playground's password. */
  access: boolean;
  /** Has given the host's password, not long ago. */
  host: boolean;
  /** When the browser should be given its cookie anew, so that it does not run out. */
  stale: boolean;
}

export interface Sessions {
  /** @returns undefined for a token that was never given out, or has run out. */
  read(token: string): Promise<Session | undefined>;
  /** A new session that nobody is behind yet. */
  open(): Promise<Session>;
  /** The person behind a session, made or renamed as asked. */
  name(session: Session, label: string): Promise<WebPerson>;
  /** Notes a password given. The token changes, so that one known to somebody else from before opens nothing. */
  admit(session: Session, to: 'access' | 'host'): Promise<Session>;
  /** Takes back what a password gave. */
  leave(session: Session, from: 'access' | 'host'): Promise<void>;
  /** Everybody has to give the playground's password again. */
  lock(trx: Db): Promise<void>;
}

/** Browsers and programs by the hash of their token. */
export function createSessions(db: Db, clock: Clock): Sessions {
  const find = (token: string) =>
    db
      .selectFrom('web_sessions')
      .leftJoin('web_people', 'web_people.id', 'web_sessions.person')
      .select(['web_people.id', 'web_people.name', 'access', 'host_until', 'seen_at'])
      .where('hash', '=', hashOf(token))
      .where('seen_at', '>', clock.now() - KEPT)
      .executeTakeFirst();
  const update = (token: string) => db.updateTable('web_sessions').where('hash', '=', hashOf(token));

  let looked = 0;
  /**
   * A program without cookies is a new person with every request: those whose session has run out, and who have left
   * nothing that counts, are forgotten.
   */
  const forgetGone = async (now: number): Promise<void> => {
    if (now - looked < LOOK_EVERY) return;
    looked = now;
    await db
      .deleteFrom('web_sessions')
      .where('seen_at', '<', now - KEPT)
      .execute();
    await db
      .deleteFrom('web_people')
      .where('created_at', '<', now - KEPT)
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('web_sessions').select('hash').whereRef('web_sessions.person', '=', 'web_people.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('accounts')
              .select('user_id')
              .where((eb) => eb.or([eb('user_id', '=', eb.ref('web_people.id')), eb('person_id', '=', eb.ref('web_people.id'))])),
          ),
        ),
      )
      .where(({ and, not, exists, selectFrom }) =>
        and(
          LASTING.map((table) =>
            not(
              exists(selectFrom(table).select('user_id').where('platform', '=', 'web').whereRef(`${table}.user_id`, '=', 'web_people.id')),
            ),
          ),
        ),
      )
      .execute();
  };

  return {
    async read(token) {
      const row = await find(token);
      if (!row) return undefined;
      const now = clock.now();
      const stale = row.seen_at < now - DAY;
      if (stale) await update(token).set({ seen_at: now }).execute();
      const person = row.id === null ? undefined : { id: row.id, name: row.name! };
      return { token, person, access: row.access === 1, host: (row.host_until ?? 0) > now, stale };
    },
    async open() {
      const token = newToken();
      const now = clock.now();
      await forgetGone(now);
      await db
        .insertInto('web_sessions')
        .values({ hash: hashOf(token), person: null, access: 0, host_until: null, seen_at: now })
        .execute();
      return { token, person: undefined, access: false, host: false, stale: false };
    },
    async name(session, label) {
      if (session.person) return renamePerson(db, session.person, label);
      const person = await createPerson(db, label, clock.now());
      await update(session.token).set({ person: person.id }).execute();
      return person;
    },
    async admit(session, to) {
      const token = newToken();
      const change = to === 'access' ? { access: 1 } : { host_until: clock.now() + HOST_FOR };
      await update(session.token)
        .set({ hash: hashOf(token), ...change })
        .execute();
      return { ...session, token, [to]: true };
    },
    async leave(session, from) {
      await update(session.token)
        .set(from === 'access' ? { access: 0, host_until: null } : { host_until: null })
        .execute();
    },
    async lock(trx) {
      await trx.updateTable('web_sessions').set({ access: 0 }).execute();
    },
  };
}
