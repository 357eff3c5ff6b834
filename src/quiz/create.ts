import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { UserError } from '../core/errors.ts';
import { plainName } from '../core/names.ts';
import type { PostRefused } from '../core/outbox.ts';
import type { RoomRef, User } from '../core/request.ts';
import { type TroubleCode, troubleOf } from '../core/trouble.ts';
import { createRng } from '../demos/random.ts';
import type { Services } from '../services.ts';
import { verdictText } from './boards/verdict.ts';
import { createDrawing } from './drawing.ts';
import { grade, isComplete, isPartial, type Value } from './grade.ts';
import { createQuizHistory } from './history.ts';
import { type LiveQuiz, questionAt } from './live.ts';
import { isForDiscussion, type Question } from './question.ts';
import { PRESENT } from './reducer.ts';
import { reload } from './reload.ts';
import { createQuizRepository, type StoredQuiz } from './repository.ts';
import { createRunner, type Make } from './runner.ts';
import { createScores } from './scores.ts';
import { instantiate, selectQuestions } from './select.ts';
import type { Quiz, QuizServices, StartOptions } from './service.ts';
import { createSharing, joinOthers } from './sharing.ts';
import { isOwnPace, type QuizState } from './state.ts';
import { createSharedTakeUp, createTakeUp, takeOverFree } from './take-up.ts';
import { createTimetable } from './timetable/create.ts';

export type QuizDeps = Pick<
  Services,
  | 'config'
  | 'clock'
  | 'log'
  | 'i18n'
  | 'metrics'
  | 'outbox'
  | 'ownNotes'
  | 'demos'
  | 'store'
  | 'freshSeed'
  | 'learning'
  | 'changes'
  | 'cluster'
>;

export const REVEAL_SECONDS = 12;
/** What somebody is told whose answer could not be stored, where the disk is not to blame. */
const NOT_RECORDED: Partial<Record<TroubleCode, string>> = { 'database-gone': 'not-recorded-gone', 'database-busy': 'not-recorded-busy' };
/** Between the two votes of a discussion. */
export const TALK_SECONDS = 60;
/** Whoever starts a quiz waits this long to hear whether its board can be shown. */
export const FIRST_BOARD = 2_500;
/** A room does not see a question again before this many others, while there are others. */
const NO_REPEAT_WITHIN = 60;

/** Builds the quiz side of Services over the store. */
export function createQuizServices(deps: QuizDeps): QuizServices {
  const quiz = createQuiz(deps);
  return { quiz, timetable: createTimetable(deps, quiz), scores: createScores(deps.store.db, deps.clock) };
}

function notRecorded(error: unknown): string {
  const trouble = troubleOf(error);
  return (trouble && NOT_RECORDED[trouble]) ?? 'not-recorded';
}

function createQuiz(deps: QuizDeps): Quiz {
  const { clock, log } = deps;
  const questionsOf = (room: RoomRef) => deps.ownNotes.of(room).content().questions;
  const repository = createQuizRepository(deps.store.db, deps.learning.record);
  const history = createQuizHistory(deps.store.db);
  const drawing = createDrawing(deps, history);
  const { cluster } = deps;
  const sharing = cluster && createSharing({ ...deps, cluster });
  const runner = createRunner(deps, repository, drawing, sharing);

  const pool = (options: StartOptions): Question[] => {
    const all = [...questionsOf(options.room).values()].filter(
      (question) =>
        (question.kind !== 'chart' || deps.demos.get(question.demo)) &&
        (options.mode !== 'discuss' || isForDiscussion(question)) &&
        // At one's own pace a chart would have to be drawn for each person.
        (options.pace !== 'open' || question.kind !== 'chart'),
    );
    if (options.only) return all.filter(({ id }) => options.only!.includes(id));
    return options.topic ? all.filter(({ topic }) => topic === options.topic) : all;
  };

  const build = async (options: StartOptions): Promise<StoredQuiz> => {
    const rng = createRng(deps.freshSeed());
    await deps.ownNotes.ready(options.room);
    const recent = await history.recent(options.room, NO_REPEAT_WITHIN);
    const chosen = selectQuestions(pool(options), options.total, recent, rng, await deps.learning.ranking(options.room));
    if (chosen.length === 0) throw new UserError('quiz-no-questions', { topic: options.topic ?? '—' });
    const questions = chosen.map((question) => ({
      questionId: question.id,
      topic: question.topic,
      // The same seed after a restart: what was prepared once is prepared the same again.
      instance: { ...instantiate(question, rng), ...(question.kind === 'chart' && { seed: deps.freshSeed() }) },
    }));
    const players = await history.playersSince(options.room, clock.now() - PRESENT);
    const { room, host, mode, seconds, lobbySeconds, locale, topic, teams, lock, pace, closesAt } = options;
    return {
      id: randomBytes(6).toString('base64url'),
      room,
      createdAt: clock.now(),
      questions,
      settings: {
        ...{ mode, seconds, lobbySeconds, revealSeconds: REVEAL_SECONDS, host: host.id },
        ...{ locale, topic, total: questions.length, teams, lock, recent: players },
        ...(pace && closesAt !== undefined && { pace, closesAt, revealSeconds: 0 }),
        ...(mode === 'discuss' && { talkSeconds: TALK_SECONDS }),
      },
    };
  };

  /** Sends an event; when it cannot be stored, the person hears so. */
  const send = async (live: LiveQuiz, make: Make, delivery: string) => {
    try {
      return await runner.send(live, make, delivery);
    } catch (error) {
      if (error instanceof UserError) throw error;
      log.error({ err: error, quiz: live.stored.id }, 'an event could not be stored');
      throw new UserError(notRecorded(error), {}, { cause: error });
    }
  };

  const answerOf = async ({ stored, state }: LiveQuiz, position: number, user: string): Promise<Value> => {
    const given = isOwnPace(state.settings)
      ? state.open.get(position)?.get(user)
      : state.position === position
        ? state.answers.get(user)
        : (await history.answers(stored.id, user)).find((answer) => answer.position === position);
    return given?.value ?? { picked: [] };
  };

  const past = async (quizId: string, room: RoomRef): Promise<StoredQuiz> => {
    const stored = await history.find(quizId);
    if (!stored || !isHere(stored, room)) throw new UserError('quiz-not-here');
    return stored;
  };

  const takeUp = sharing ? createSharedTakeUp(repository, runner) : createTakeUp(deps, repository, runner);
  if (cluster && sharing) joinOthers(cluster, sharing, takeUp, runner, log);
  const find: Quiz['find'] = async (quizId, room) => {
    const live = await takeUp(quizId);
    if (!live || !isHere(live.stored, room) || live.state.phase === 'ended') throw new UserError('quiz-not-here');
    return live;
  };

  // Who is forgotten is taken out of the quizzes over days, which are read anew from what is left of them.
  deps.changes.listen(({ platform }) => {
    for (const live of runner.paced())
      if (live.stored.room.platform === platform)
        void reload(repository, live, clock.now()).catch((error: unknown) => log.error({ err: error }, 'a quiz could not be read anew'));
  });

  return {
    find,
    async start(options) {
      const stored = await build(options);
      const here = sharing?.shownBy(stored.room.platform);
      const id = await repository.create(stored, options.request, here);
      if (id === undefined) throw new UserError(options.pace === 'open' ? 'quiz-open-running' : 'quiz-running');
      // A start that is delivered again finds the quiz that it has made.
      if (id !== stored.id) return find(id, options.room);
      if (sharing && here === undefined) {
        const known = (await find(stored.id, options.room))!;
        // Unheard, it is found within a second.
        await sharing.offer().catch(() => {});
        return known;
      }
      const live = runner.stage(stored);
      const refusal = await firstBoard(live);
      if (refusal) throw refusal.reason;
      return live;
    },
    inRoom: runner.inRoom,
    async open(room) {
      const known = runner.inRoom(room);
      if (known && (await runner.follow(known))) return known;
      for (const id of await repository.running(room)) await takeUp(id);
      return runner.inRoom(room);
    },
    async join(live, user, delivery) {
      return (await send(live, (_, at) => ({ type: 'join', at, user: playerOf(user) }), delivery)) !== undefined;
    },
    async answer(live, user, position, change, delivery, done = false) {
      const make: Make = (state, at) => {
        const found = questionAt(live, position, questionsOf(live.stored.room));
        const { phase, answers, settings } = state;
        if (phase === 'paused' && state.position === position) throw new UserError('quiz-paused');
        if (phase === 'talk' && state.position === position) throw new UserError('quiz-talking');
        const openNow = isOwnPace(settings) && phase === 'lobby';
        if (!found || !(openNow || (state.position === position && phase === 'open'))) throw new UserError('quiz-closed');
        const before = openNow ? state.open.get(position)?.get(user.id) : answers.get(user.id);
        if (settings.lock && before?.final) throw new UserError('answer-locked');
        const value = change({ ...found, before: before?.value });
        const { question, instance } = found;
        const partial = isPartial(question, value);
        const final = !partial && (done || isComplete(question, value));
        const graded = { value, credit: grade(question, instance, value), final, ...(partial && { partial }) };
        return { type: 'answer', at, position, user: playerOf(user), ...graded };
      };
      const event = await send(live, make, delivery);
      if (event?.type === 'answer') return event.value;
      // A redelivered press hears what the first one stored, also when its question is over.
      if (live.deliveries.has(delivery)) return answerOf(live, position, user.id);
      throw new UserError('quiz-closed');
    },
    async hint(live, user, position, delivery) {
      const found = questionAt(live, position, questionsOf(live.stored.room));
      const { mode, lock } = live.state.settings;
      const count = found?.question.hints?.length ?? 0;
      if (count === 0 || mode === 'exam') throw new UserError('quiz-no-hint');
      if (lock && live.state.answers.get(user.id)?.final) throw new UserError('answer-locked');
      const shown = ({ hints }: QuizState) => Math.min(hints.get(user.id) ?? 0, count);
      const { phase, position: now } = live.state;
      if (now !== position || (phase !== 'open' && phase !== 'paused')) throw new UserError('quiz-closed');
      if (shown(live.state) === count) return count;
      const make: Make = ({ hints }, at) => ({ type: 'hint', at, position, user: playerOf(user), number: (hints.get(user.id) ?? 0) + 1 });
      const stored = await send(live, make, delivery);
      if (!stored && shown(live.state) === 0) throw new UserError(phase === 'paused' ? 'quiz-paused' : 'quiz-closed');
      return shown(live.state);
    },
    async reason(live, user, position, reason, delivery) {
      const make: Make = (_, at) => ({ type: 'reason', at, position, user: playerOf(user), reason });
      return (await send(live, make, delivery)) !== undefined || live.deliveries.has(delivery);
    },
    async control(live, what, delivery, meant = {}) {
      const make: Make = (_, at) => ({ type: what, at, ...meant });
      return (await send(live, make, delivery)) !== undefined || live.deliveries.has(delivery);
    },
    settings: async (quizId, room) => (await past(quizId, room)).settings,
    missed: (quizId) => history.missed(quizId),
    async own(quizId, room, user, locale) {
      const stored = await past(quizId, room);
      if ((runner.byId(quizId)?.state.phase ?? 'ended') !== 'ended') throw new UserError('quiz-not-over');
      return drawing.own(stored, user.id, locale);
    },
    owed(live, user, locale) {
      live.locales.set(user.id, locale);
      const position = live.owed.get(user.id);
      const shown = position === undefined ? undefined : questionAt(live, position, questionsOf(live.stored.room));
      live.owed.delete(user.id);
      return shown && position !== undefined
        ? verdictText({ live, position, user: user.id, shown, locale, t: deps.i18n(locale) })
        : undefined;
    },
    isBoard: async (room, message) => (await repository.messages(room)).some(({ id }) => id === message),
    board: async (live) => (await drawing.current(live))?.reply,
    async resume() {
      if (sharing) return takeOverFree(sharing, takeUp, runner);
      for (const id of await repository.running()) await takeUp(id, false);
    },
    idle: runner.idle,
    close: runner.close,
  };
}

/** Why the platform does not take the first board; undefined when it is there, or when that takes long. */
async function firstBoard(live: LiveQuiz): Promise<PostRefused | undefined> {
  const heard = new Promise<PostRefused | undefined>((resolve) => {
    live.opened = resolve;
  });
  const refusal = await Promise.race([heard, setTimeout(FIRST_BOARD, undefined, { ref: false })]);
  live.opened = undefined;
  return refusal;
}

/** Names are untrusted: what is stored can be shown anywhere. */
function playerOf({ id, name }: User): { id: string; name: string } {
  return { id, name: plainName(name) };
}

function isHere({ room }: StoredQuiz, here: RoomRef): boolean {
  return room.platform === here.platform && room.space === here.space && room.room === here.room;
}
