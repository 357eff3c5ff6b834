import { sql } from 'kysely';
import { type Locale, localize } from '../core/locale.ts';
import type { Platform, RoomRef } from '../core/request.ts';
import { addDays, daysBetween, localTime } from '../learn/zone.ts';
import type { Space } from '../own-notes/service.ts';
import type { GapsDeps } from './create.ts';
import { digestReply } from './present.ts';
import type { createRepository } from './repository.ts';
import type { Digest, DigestPlan, Gaps } from './service.ts';
import type { createSpaceSettings } from './settings.ts';

const QUARTER = 15 * 60_000;
const WEEK = 7 * 24 * 3_600_000;
const MONDAY = '2024-01-01';
/** A digest that could not go out on its Monday (we were not running) still comes on the Tuesday. */
const PATIENCE_DAYS = 1;
/** From so many on a number says nothing about one of them. */
const FEW = 3;
const GAPS_TOLD = 3;

interface Parts {
  repository: ReturnType<typeof createRepository>;
  spaces: ReturnType<typeof createSpaceSettings>;
  /** Called with every look at the clock. */
  tick(): Promise<void>;
}

/** The Monday that a digest is due for at this moment; undefined where none is. */
export function dueWeek(now: number, { zone, hour }: Pick<DigestPlan, 'zone' | 'hour'>): string | undefined {
  const local = localTime(now, zone);
  const since = (((daysBetween(MONDAY, local.day) % 7) + 7) % 7) as number;
  const isDue = since === 0 ? local.hour >= hour : since <= PATIENCE_DAYS;
  return isDue ? addDays(local.day, -since) : undefined;
}

/** One digest a week for each space that asked for it: the week is taken before the message leaves, so no crash sends two. */
export function createDigest(
  { store, clock, log, outbox, i18n, settings, config, ownNotes }: GapsDeps,
  { repository, spaces, tick }: Parts,
): Gaps['digest'] {
  const { db } = store;
  let cancel = () => {};
  let round: Promise<void> = Promise.resolve();

  const of = async (room: RoomRef): Promise<Digest> => {
    const { platform, space } = room;
    const since = clock.now() - WEEK;
    const days = await db
      .selectFrom('space_days')
      .select((eb) => [eb.fn.sum<number | null>('asked').as('asked'), eb.fn.sum<number | null>('answered').as('answered')])
      .where((eb) => eb.and({ platform, space }))
      .where('day', '>', new Date(since).toISOString().slice(0, 10))
      .executeTakeFirst();
    const answers = db
      .selectFrom('answers')
      .innerJoin('quizzes', 'quizzes.id', 'answers.quiz_id')
      .where('quizzes.platform', '=', platform)
      .where('quizzes.space', '=', space)
      .where('quizzes.finished_at', '>=', since);
    const sums = await answers
      .select((eb) => [
        eb.fn.countAll<number>().as('answers'),
        eb.fn.avg<number | null>('answers.credit').as('right'),
        eb.fn.count<number>('answers.quiz_id').distinct().as('quizzes'),
      ])
      .executeTakeFirstOrThrow();
    const [hardest] = await answers
      .innerJoin('quiz_questions', (join) =>
        join.onRef('quiz_questions.quiz_id', '=', 'answers.quiz_id').onRef('quiz_questions.position', '=', 'answers.position'),
      )
      .select((eb) => ['question_id', eb.fn.avg<number>('answers.credit').as('right'), eb.fn.countAll<number>().as('answers')])
      .groupBy('question_id')
      .having((eb) => eb.fn.countAll(), '>=', FEW)
      .orderBy(sql`avg(answers.credit)`)
      .orderBy('question_id')
      .limit(1)
      .execute();
    const locale = await localeFor(room);
    await ownNotes.ready(room);
    const question = hardest && ownNotes.of(room).content().questions.get(hardest.question_id);
    const due = await db
      .selectFrom('cards')
      .select((eb) => [eb.fn.countAll<number>().as('cards'), eb.fn.count<number>('user_id').distinct().as('people')])
      .where((eb) => eb.and({ platform, space }))
      .where('due', '<=', clock.now() + WEEK)
      .executeTakeFirstOrThrow();
    return {
      asked: Number(days?.asked ?? 0),
      answered: Number(days?.answered ?? 0),
      gaps: await repository.families(room, GAPS_TOLD, 0, 'asked', since),
      quizzes: Number(sums.quizzes),
      answers: Number(sums.answers),
      right: sums.right === null ? undefined : Number(sums.right),
      hardest:
        question && hardest.right < 1
          ? { prompt: localize(question.prompt, locale), right: Number(hardest.right), answers: Number(hardest.answers) }
          : undefined,
      due: Number(due.people) >= FEW ? Number(due.cards) : undefined,
    };
  };

  const localeFor = async ({ platform, space, room }: RoomRef): Promise<Locale> =>
    (await settings.localeOf(platform, space, 'room', room)) ?? config.defaultLocale;

  const send = async ({ platform, space }: Space, plan: DigestPlan): Promise<void> => {
    const week = dueWeek(clock.now(), plan);
    if (week === undefined || !outbox.isConnected(platform as Platform)) return;
    const taken = await db
      .insertInto('digests')
      .values({ platform, space, week, at: clock.now() })
      .onConflict((conflict) => conflict.columns(['platform', 'space', 'week']).doNothing())
      .executeTakeFirst();
    if (!taken.numInsertedOrUpdatedRows) return;
    const room: RoomRef = { platform: platform as Platform, space, room: plan.room };
    const locale = await localeFor(room);
    const reply = digestReply(await of(room), i18n(locale, platform));
    await outbox.post(room, reply, `digest:${week}`);
    const named = (await ownNotes.managers.list(room)).flatMap(({ kind, id }) => (kind === 'user' ? [id] : []));
    for (const id of new Set([...(plan.by === undefined ? [] : [plan.by]), ...named]))
      await outbox
        .direct(room.platform, space, { id }, reply)
        .catch((error: unknown) => log.info({ err: error }, 'a digest could not be given to a manager'));
  };

  const look = async (): Promise<void> => {
    await tick();
    // One that fails must not keep the others from theirs.
    for (const { plan, ...space } of await spaces.withDigest())
      await send(space, plan).catch((error: unknown) => log.warn({ err: error, platform: space.platform }, 'a digest could not be sent'));
  };

  const arm = (): void => {
    cancel = clock.schedule((Math.floor(clock.now() / QUARTER) + 1) * QUARTER, () => {
      arm();
      round = look().catch((error: unknown) => log.error({ err: error }, 'digests failed'));
    });
  };

  return {
    of,
    start() {
      cancel();
      arm();
    },
    idle: () => round,
    async stop() {
      cancel();
      await round;
    },
  };
}
