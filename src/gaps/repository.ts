import { sql } from 'kysely';
import { type Locale, toLocale } from '../core/locale.ts';
import type { Space } from '../own-notes/service.ts';
import type { Db } from '../store/database.ts';
import type { GapRow } from '../store/gaps-rows.ts';
import type { Family, FamilyDetail, FamilyPage, Shown, Votes } from './service.ts';

export const PER_PAGE = 5;
/** Wordings of a family that are shown and become ways of asking. */
const WORDINGS = 8;

/** Rows of one space; every query names the space. */
export function createRepository(db: Db) {
  const here = ({ platform, space }: Space) => ({ platform, space });
  const open = (space: Space) =>
    db
      .selectFrom('gaps')
      .where((eb) => eb.and(here(space)))
      .where('closed', 'is', null);

  const families = async (space: Space, limit: number, offset: number, order: 'asked' | 'newest', since = 0): Promise<Family[]> => {
    const rows = await open(space)
      .where('at', '>=', since)
      .select((eb) => ['family', eb.fn.countAll<number>().as('count'), eb.fn.max('at').as('newest')])
      .groupBy('family')
      .orderBy(order === 'asked' ? sql`count(*)` : sql`max(at)`, 'desc')
      .orderBy(order === 'asked' ? sql`max(at)` : sql`count(*)`, 'desc')
      .orderBy('family')
      .limit(limit)
      .offset(offset)
      .execute();
    const found: Family[] = [];
    for (const { family, count, newest } of rows) {
      const [first] = await wordings(space, family, 1);
      if (first) found.push({ id: family, count: Number(count), newest: Number(newest), ...first });
    }
    return found;
  };

  const wordings = async (space: Space, family: number, limit: number): Promise<{ question: string; locale: Locale }[]> => {
    const rows = await open(space)
      .where('family', '=', family)
      .select(['question', 'locale'])
      .groupBy(['question', 'locale'])
      .orderBy(sql`count(*)`, 'desc')
      .orderBy(sql`max(at)`, 'desc')
      .orderBy('question')
      .limit(limit)
      .execute();
    return rows.map(({ question, locale }) => ({ question, locale: toLocale(locale) ?? 'en' }));
  };

  return {
    families,
    insert: (row: Omit<GapRow, 'id' | 'family'>, family: number | undefined): Promise<number> =>
      db.transaction().execute(async (trx) => {
        const { id } = await trx
          .insertInto('gaps')
          .values({ ...row, family: family ?? 0 })
          .returning('id')
          .executeTakeFirstOrThrow();
        if (family === undefined) await trx.updateTable('gaps').set({ family: id }).where('id', '=', id).execute();
        return family ?? id;
      }),

    async page(space: Space, page: number, order: 'asked' | 'newest'): Promise<FamilyPage> {
      const { total, questions } = await open(space)
        .select((eb) => [eb.fn.count<number>('family').distinct().as('total'), eb.fn.countAll<number>().as('questions')])
        .executeTakeFirstOrThrow();
      const pages = Math.max(1, Math.ceil(Number(total) / PER_PAGE));
      const at = Math.min(Math.max(0, page), pages - 1);
      return {
        families: await families(space, PER_PAGE, at * PER_PAGE, order),
        page: at,
        pages,
        total: Number(total),
        questions: Number(questions),
      };
    },

    async family(space: Space, id: number): Promise<FamilyDetail | undefined> {
      const [first, ...others] = await wordings(space, id, WORDINGS);
      if (!first) return undefined;
      const rows = await open(space).where('family', '=', id).select(['at', 'missing']).orderBy('at', 'desc').execute();
      const missing = rows.flatMap((row) => (row.missing === null ? [] : [row.missing])).slice(0, WORDINGS);
      return {
        id,
        count: rows.length,
        newest: Number(rows[0]!.at),
        ...first,
        wordings: [first, ...others].map(({ question }) => question),
        missing,
      };
    },

    /** What was missing, with the newest question of that person's that was not answered well. */
    async addMissing(space: Space, asker: string, question: string, missing: string): Promise<void> {
      const row = await open(space)
        .select('id')
        .where((eb) => eb.and({ asker, question, reason: 'unhelpful' }))
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row) await db.updateTable('gaps').set({ missing }).where('id', '=', row.id).execute();
    },

    async close(space: Space, family: number, closed: string): Promise<void> {
      await db
        .updateTable('gaps')
        .set({ closed })
        .where((eb) => eb.and({ ...here(space), family }))
        .where('closed', 'is', null)
        .execute();
    },

    async reopen(space: Space, topic: string): Promise<void> {
      await db
        .updateTable('gaps')
        .set({ closed: null })
        .where((eb) => eb.and({ ...here(space), closed: topic }))
        .execute();
    },

    /** Open questions, to group new ones with. */
    all: (space: Space) => open(space).select(['family', 'question']).orderBy('id').execute(),

    removeBefore: (at: number) => db.deleteFrom('gaps').where('at', '<', at).executeTakeFirst(),

    async vote(space: Space, { topic, unit }: Shown, user_id: string, vote: 1 | -1, at: number): Promise<Votes> {
      await db
        .insertInto('answer_votes')
        .values({ ...here(space), topic, unit, user_id, vote, at })
        .onConflict((conflict) => conflict.columns(['platform', 'space', 'topic', 'unit', 'user_id']).doUpdateSet({ vote, at }))
        .execute();
      const rows = await db
        .selectFrom('answer_votes')
        .select((eb) => ['vote', eb.fn.countAll<number>().as('count')])
        .where((eb) => eb.and({ ...here(space), topic, unit }))
        .groupBy('vote')
        .execute();
      const count = (wanted: number) => Number(rows.find((row) => row.vote === wanted)?.count ?? 0);
      return { up: count(1), down: count(-1) };
    },

    async count(space: Space, day: string, answered: boolean): Promise<void> {
      const more = answered ? 1 : 0;
      await db
        .insertInto('space_days')
        .values({ ...here(space), day, asked: 1, answered: more })
        .onConflict((conflict) =>
          conflict
            .columns(['platform', 'space', 'day'])
            .doUpdateSet((eb) => ({ asked: eb('space_days.asked', '+', 1), answered: eb('space_days.answered', '+', more) })),
        )
        .execute();
    },
  };
}
