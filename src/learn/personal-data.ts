import type { Kysely } from 'kysely';
import { UserError } from '../core/errors.ts';
import { plainName } from '../core/names.ts';
import { forgetGaps } from '../gaps/scrub.ts';
import { forgetAuthor, writtenBy } from '../own-notes/authors.ts';
import type { Services } from '../services.ts';
import { tablesOf } from '../store/tables.ts';
import { scopeOf, transact } from '../store/transact.ts';
import { wipe } from '../store/wipe.ts';
import { anonymise, holds, isAbout } from './anonymise.ts';
import { questionsInPlay } from './in-play.ts';
import { GRADES } from './memory.ts';
import { accountsOf, isSameEverywhere } from './person.ts';
import { eventsOf, partIn, quizzesOf, settingsOf } from './playing.ts';
import type { Learning, Person } from './service.ts';

type Dependencies = Pick<Services, 'ownNotes' | 'store' | 'log' | 'clock' | 'changes'>;
/** Tables by name, for those that are found rather than known. */
type AnyTables = Kysely<Record<string, Record<string, unknown>>>;

/** JSON columns whose content is not the person's: `instance` holds the right answer of a question that is open. */
const NOT_EXPORTED = new Set(['platform', 'user_id', 'instance', 'hash']);

const JSON_COLUMNS = new Set(['card', 'log', 'given', 'picked', 'value']);

/** Everything of one person: to take away, and to delete. */
export function createPersonalData({ ownNotes, store, log, clock, changes }: Dependencies): Pick<Learning, 'dataOf' | 'met' | 'forget'> {
  const { db } = store;
  const any = db as unknown as AnyTables;

  /** Tables that follow the rule of one key for a person, those of other parts and later versions too. */
  const personalTables = async (): Promise<string[]> => {
    const tables = await tablesOf(db);
    return tables.filter(({ columns }) => ['platform', 'space', 'user_id'].every((key) => columns.includes(key))).map(({ name }) => name);
  };

  const personal = (table: string, { platform, space, user_id }: Person) =>
    any
      .selectFrom(table)
      .selectAll()
      .where('platform', '=', platform)
      .where('user_id', '=', user_id)
      .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space));

  const namesOf = async (trx: typeof db, { platform, space, user_id }: Person): Promise<string[]> => {
    const rows = await trx
      .selectFrom('people')
      .select('name')
      .where('platform', '=', platform)
      .where('user_id', '=', user_id)
      .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
      .execute();
    if (platform === 'web') rows.push(...(await trx.selectFrom('web_people').select('name').where('id', '=', user_id).execute()));
    // Boards show names in a cleaned form.
    return [...new Set([user_id, ...rows.map(({ name }) => name)].flatMap((name) => [name, plainName(name)]))];
  };

  const forgetQuizzes = async (trx: typeof db, person: Person): Promise<void> => {
    const { user_id } = person;
    await trx.deleteFrom('answers').where('quiz_id', 'in', quizzesOf(db, person)).where('user_id', '=', user_id).execute();
    for (const { quiz_id, seq, event } of await eventsOf(trx, person)) {
      const parsed = JSON.parse(event) as { user?: { id?: string } };
      if (!holds(parsed, user_id)) continue;
      const key = { quiz_id, seq };
      if (parsed.user?.id === user_id) {
        await trx
          .deleteFrom('quiz_events')
          .where((eb) => eb.and(key))
          .execute();
      } else {
        await trx
          .updateTable('quiz_events')
          .set({ event: JSON.stringify(anonymise(parsed, user_id, [])) })
          .where((eb) => eb.and(key))
          .execute();
      }
    }
    for (const { id, settings } of await settingsOf(trx, person)) {
      const changed = JSON.stringify(anonymise(JSON.parse(settings), user_id, []));
      await trx.updateTable('quizzes').set({ settings: changed }).where('id', '=', id).execute();
    }
  };

  const forgetPlayground = async (trx: typeof db, { user_id }: Person, names: readonly string[]): Promise<void> => {
    await trx
      .deleteFrom('web_messages')
      .where((eb) => eb.or([eb('author_id', '=', user_id), eb('audience', '=', user_id), eb('room', '=', `@${user_id}`)]))
      .where((eb) => eb.or([eb('bot', '=', 0), eb('audience', 'is not', null), eb('room', '=', `@${user_id}`)]))
      .execute();
    const boards = await trx.selectFrom('web_messages').select(['id', 'body']).where('bot', '=', 1).execute();
    for (const { id, body } of boards) {
      const parsed: unknown = JSON.parse(body);
      if (!isAbout(parsed, user_id, names)) continue;
      await trx
        .updateTable('web_messages')
        .set({ body: JSON.stringify(anonymise(parsed, user_id, names)) })
        .where('id', '=', id)
        .execute();
    }
    await trx.deleteFrom('web_people').where('id', '=', user_id).execute();
    await trx.deleteFrom('web_sessions').where('person', '=', user_id).execute();
    await trx
      .deleteFrom('web_old_names')
      .where((eb) => eb.or([eb('name', '=', user_id), eb('claimed_by', '=', user_id)]))
      .execute();
  };

  /** Later pages of long replies, which may name their people; what is deleted only makes an old page button stale. */
  const forgetPages = async (trx: typeof db, names: readonly string[]): Promise<void> => {
    const quoted = names.map((name) => JSON.stringify(name).slice(1, -1));
    await trx
      .deleteFrom('discord_pages')
      .where((eb) => eb.or(quoted.map((name) => eb('reply', 'like', `%${name}%`))))
      .execute();
  };

  const forgetAccount = async (trx: typeof db, account: Person, tables: readonly string[]): Promise<void> => {
    const names = await namesOf(trx, account);
    const { platform, space, user_id } = account;
    await forgetQuizzes(trx, account);
    if (platform === 'discord') await forgetPages(trx, names);
    if (platform === 'web') await forgetPlayground(trx, account, names);
    await forgetAuthor(trx, account);
    await forgetGaps(trx, account);
    await trx
      .deleteFrom('locales')
      .where((eb) => eb.and({ platform, kind: 'user', id: user_id }))
      .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
      .execute();
    for (const table of tables) {
      await (trx as unknown as AnyTables)
        .deleteFrom(table)
        .where('platform', '=', platform)
        .where('user_id', '=', user_id)
        .$if(!isSameEverywhere(platform), (query) => query.where('space', '=', space))
        .execute();
    }
  };

  /** What was right is told by the quiz, at an exam's end. */
  const answersOf = (account: Person) =>
    db
      .selectFrom('answers')
      .innerJoin('quizzes', 'quizzes.id', 'answers.quiz_id')
      .innerJoin('quiz_questions', (join) =>
        join.onRef('quiz_questions.quiz_id', '=', 'answers.quiz_id').onRef('quiz_questions.position', '=', 'answers.position'),
      )
      .select(['answers.quiz_id', 'answers.position', 'question_id', 'value', 'answers.credit', 'points', 'at'])
      .where('answers.quiz_id', 'in', quizzesOf(db, account))
      .where('user_id', '=', account.user_id)
      .where('finished_at', 'is not', null)
      .execute();

  return {
    async dataOf(person) {
      const accounts = await accountsOf(db, person);
      const hidden = await questionsInPlay(db, person);
      const isOver = ({ question_id }: Record<string, unknown>) => !hidden.has(String(question_id));
      const ofAll = async (rows: (account: Person) => Promise<object[]>) => (await Promise.all(accounts.map(rows))).flat();
      const own: Record<string, unknown> = {
        exportedAt: new Date(clock.now()).toISOString(),
        person: { platform: person.platform, space: person.space, id: person.user_id },
      };
      for (const table of await personalTables())
        own[table] = await ofAll(async (account) => (await personal(table, account).execute()).filter(isOver).map(readable));
      own.answers = await ofAll(async (account) => (await answersOf(account)).map(readable));
      own.notes = await ofAll((account) => writtenBy(db, account));
      own.locales = await ofAll((account) =>
        db
          .selectFrom('locales')
          .select(['locale'])
          .where((eb) => eb.and({ platform: account.platform, kind: 'user', id: account.user_id }))
          .$if(!isSameEverywhere(account.platform), (query) => query.where('space', '=', account.space))
          .execute(),
      );
      if (accounts.some(({ platform }) => platform === 'web')) {
        own.messages = await ofAll(async ({ platform, user_id }) => {
          const said = db.selectFrom('web_messages').select(['room', 'body', 'at']).where('author_id', '=', user_id).where('bot', '=', 0);
          return platform === 'web' ? said.orderBy('seq').execute() : [];
        });
      }
      return own;
    },

    async met(person, missed) {
      const rows = await db
        .selectFrom('cards')
        .select('question_id')
        .where((eb) => eb.and({ ...person }))
        .$if(missed, (query) => query.where('rating', '=', GRADES.again))
        .execute();
      const hidden = await questionsInPlay(db, person);
      return rows.flatMap(({ question_id }) =>
        hidden.has(question_id) ? [] : (ownNotes.of(person).content().questions.get(question_id) ?? []),
      );
    },

    async forget(person) {
      const accounts = await accountsOf(db, person);
      // A quiz that runs would write the name again.
      for (const account of accounts) {
        const part = await partIn(db, account);
        if (part) throw new UserError(part === 'starter' ? 'forget-own-quiz-running' : 'forget-quiz-running');
      }
      const tables = await personalTables();
      await transact(db, scopeOf('person', person.platform, person.user_id), async (trx) => {
        for (const account of accounts) await forgetAccount(trx, account, tables);
      });
      await wipe(db);
      for (const account of accounts) changes.tell(account);
      log.info({ platform: person.platform }, 'a person was forgotten');
    },
  };
}

/** A row as people read it: without its key, JSON columns opened. */
function readable(row: Record<string, unknown>): Record<string, unknown> {
  const shown = Object.entries(row).filter(([column]) => !NOT_EXPORTED.has(column));
  return Object.fromEntries(shown.map(([column, value]) => [column, JSON_COLUMNS.has(column) ? JSON.parse(String(value)) : value]));
}
