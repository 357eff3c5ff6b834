import { dbNow } from '../../cluster/presence.ts';
import type { Locale } from '../../core/locale.ts';
import type { MessageRef, Platform, RoomRef } from '../../core/request.ts';
import type { Db } from '../../store/database.ts';
import type { PredictionRow } from '../../store/quiz-rows.ts';
import { scopeOf, transact } from '../../store/transact.ts';
import type { AnyParams } from '../params.ts';

/** `open` takes votes, `closed` is to be shown, `shown` is over. */
export type Phase = 'open' | 'closed' | 'shown';

export interface Prediction {
  id: string;
  room: RoomRef;
  host: string;
  locale: Locale;
  demo: string;
  params: AnyParams;
  seed: number;
  seconds: number;
  phase: Phase;
  /** Null until the question is out. */
  deadline: number | null;
  message: MessageRef | null;
}

export interface Vote {
  user: string;
  name: string;
  choice: string;
}

export interface PredictionRepository {
  /** @returns false when the same request was stored before. */
  create(prediction: Prediction, request: string, at: number, worker: string | undefined): Promise<boolean>;
  find(id: string): Promise<Prediction | undefined>;
  unfinished(): Promise<Prediction[]>;
  /** Where several processes share the database: takes over those on these platforms that no living process goes on with. */
  takeOver(platforms: readonly Platform[], worker: string): Promise<Prediction[]>;
  /** What a process goes on with stays its own under another name, unless somebody has taken it over meanwhile. */
  rename(before: string, worker: string): Promise<void>;
  /** The question is out. */
  posted(id: string, message: MessageRef, deadline: number): Promise<void>;
  /** Goes from one phase to the next, once. @returns false when it was not in that phase. */
  advance(id: string, from: Phase, to: Phase): Promise<boolean>;
  remove(id: string): Promise<void>;
  /** Stores a vote in place of an earlier one. @returns false when the vote is closed. */
  vote(prediction: Prediction, vote: Vote, at: number): Promise<boolean>;
  votes(id: string): Promise<Vote[]>;
}

export function createPredictionRepository(db: Db): PredictionRepository {
  return {
    async create({ room, host, params, message: _, ...rest }, request, at, worker) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('predictions')
        .values({
          ...rest,
          ...room,
          user_id: host,
          params: JSON.stringify(params),
          message: null,
          request,
          created_at: at,
          worker: worker ?? null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      return numInsertedOrUpdatedRows === 1n;
    },
    async find(id) {
      const row = await db.selectFrom('predictions').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    async unfinished() {
      return (await db.selectFrom('predictions').selectAll().where('phase', '!=', 'shown').execute()).map(read);
    },
    async takeOver(platforms, worker) {
      if (platforms.length === 0) return [];
      const free = db
        .selectFrom('predictions')
        .select('id')
        .where('phase', '!=', 'shown')
        .where('platform', 'in', [...platforms])
        .where((eb) =>
          eb.or([eb('worker', 'is', null), eb('worker', 'not in', eb.selectFrom('processes').select('id').where('until', '>', dbNow))]),
        )
        .forUpdate()
        .skipLocked();
      return (await db.updateTable('predictions').set({ worker }).where('id', 'in', free).returningAll().execute()).map(read);
    },
    async rename(before, worker) {
      await db.updateTable('predictions').set({ worker }).where('worker', '=', before).execute();
    },
    async posted(id, message, deadline) {
      await db
        .updateTable('predictions')
        .set({ message: JSON.stringify(message), deadline })
        .where('id', '=', id)
        .execute();
    },
    async advance(id, from, to) {
      const { numUpdatedRows } = await db
        .updateTable('predictions')
        .set({ phase: to })
        .where('id', '=', id)
        .where('phase', '=', from)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    async remove(id) {
      await db.deleteFrom('predictions').where('id', '=', id).execute();
    },
    vote: ({ id, room: { platform, space } }, { user, name, choice }, at) =>
      transact(db, scopeOf('prediction', id), async (trx) => {
        const row = await trx.selectFrom('predictions').select(['phase', 'deadline']).where('id', '=', id).executeTakeFirst();
        if (row?.phase !== 'open' || (row.deadline !== null && at >= row.deadline)) return false;
        await trx
          .insertInto('prediction_votes')
          .values({ prediction_id: id, platform, space, user_id: user, name, choice, at })
          .onConflict((conflict) => conflict.columns(['prediction_id', 'user_id']).doUpdateSet({ name, choice, at }))
          .execute();
        return true;
      }),
    async votes(id) {
      const rows = await db.selectFrom('prediction_votes').selectAll().where('prediction_id', '=', id).orderBy('at').execute();
      return rows.map(({ user_id, name, choice }) => ({ user: user_id, name, choice }));
    },
  };
}

function read(row: PredictionRow): Prediction {
  const { platform, space, room, user_id, locale, params, message, phase } = row;
  return {
    ...{ id: row.id, demo: row.demo, seed: Number(row.seed), seconds: row.seconds, host: user_id },
    room: { platform: platform as RoomRef['platform'], space, room },
    locale: locale as Locale,
    params: JSON.parse(params),
    phase: phase as Phase,
    deadline: row.deadline === null ? null : Number(row.deadline),
    message: message === null ? null : JSON.parse(message),
  };
}
