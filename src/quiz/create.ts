import { randomBytes } from 'node:crypto';
import { UserError } from '../core/errors.ts';
import { createRng } from '../demos/random.ts';
import type { Services } from '../services.ts';
import { questionBoard } from './boards.ts';
import { grade } from './grade.ts';
import { questionAt } from './live.ts';
import type { Question } from './question.ts';
import { createQuizRepository, type StoredQuiz } from './repository.ts';
import { createRunner } from './runner.ts';
import { createScores } from './scores.ts';
import { instantiate, selectQuestions } from './select.ts';
import type { Quiz, QuizServices, StartOptions } from './service.ts';

export type QuizDeps = Pick<Services, 'clock' | 'log' | 'i18n' | 'outbox' | 'notes' | 'demos' | 'store' | 'freshSeed'>;

const REVEAL_SECONDS = 12;
/** A room does not see a question again before this many others, while there are others. */
const NO_REPEAT_WITHIN = 60;

/** Builds the quiz side of Services over the store. */
export function createQuizServices(deps: QuizDeps): QuizServices {
  return { quiz: createQuiz(deps), scores: createScores(deps.store.db, deps.clock) };
}

function createQuiz(deps: QuizDeps): Quiz {
  const { clock, notes } = deps;
  const repository = createQuizRepository(deps.store.db);
  const runner = createRunner(deps, repository);

  const pool = (options: StartOptions): Question[] => {
    const all = [...notes.content().questions.values()].filter((question) => question.kind !== 'chart' || deps.demos.get(question.demo));
    if (options.only) return all.filter(({ id }) => options.only!.includes(id));
    return options.topic ? all.filter(({ topic }) => topic === options.topic) : all;
  };

  const build = async (options: StartOptions): Promise<StoredQuiz> => {
    const rng = createRng(deps.freshSeed());
    const chosen = selectQuestions(pool(options), options.total, await repository.recent(options.room, NO_REPEAT_WITHIN), rng);
    if (chosen.length === 0) throw new UserError('quiz-no-questions', { topic: options.topic ?? '—' });
    const questions = await Promise.all(
      chosen.map(async (question) => ({
        questionId: question.id,
        topic: question.topic,
        instance: await prepare(deps, question, instantiate(question, rng)),
      })),
    );
    const { room, host, mode, seconds, lobbySeconds, locale, topic, teams } = options;
    return {
      id: randomBytes(6).toString('base64url').replace(/[~]/g, '-'),
      room,
      createdAt: clock.now(),
      questions,
      settings: {
        mode,
        seconds,
        lobbySeconds,
        revealSeconds: REVEAL_SECONDS,
        host: host.id,
        locale,
        topic,
        total: questions.length,
        teams,
      },
    };
  };

  return {
    async start(options) {
      if (runner.inRoom(options.room)) throw new UserError('quiz-running');
      const stored = await build(options);
      if (!(await repository.create(stored, options.request))) throw new UserError('quiz-running');
      return runner.stage(stored);
    },
    inRoom: runner.inRoom,
    find(quizId, room) {
      const live = runner.byId(quizId);
      const { stored } = live ?? {};
      const here = stored?.room.platform === room.platform && stored.room.space === room.space && stored.room.room === room.room;
      if (!live || !here || live.state.phase === 'ended') throw new UserError('quiz-not-here');
      return live;
    },
    join: (live, { id, name }, delivery) => runner.send(live, { type: 'join', at: clock.now(), user: { id, name } }, delivery),
    async answer(live, { id, name }, position, change, delivery) {
      const found = questionAt(live, position, notes.content().questions);
      if (!found || live.state.position !== position) throw new UserError('quiz-closed');
      // A redelivered press keeps what the first one stored.
      if (live.deliveries.has(delivery)) return live.state.answers.get(id)?.value ?? { picked: [] };
      const value = change(live.state.answers.get(id)?.value);
      const credit = grade(found.question, found.instance, value);
      const counted = await runner.send(live, { type: 'answer', at: clock.now(), position, user: { id, name }, value, credit }, delivery);
      if (!counted) throw new UserError('quiz-closed');
      return value;
    },
    control: (live, what, delivery) => runner.send(live, { type: what, at: clock.now() }, delivery),
    async missed(room) {
      const last = await repository.last(room);
      if (!last) return [];
      return repository.missed(last.id);
    },
    async board(live) {
      const found = questionAt(live, live.state.position, notes.content().questions);
      if (!found) throw new UserError('quiz-not-here');
      return questionBoard({ live, i18n: deps.i18n }, found);
    },
    async resume() {
      for (const { quiz, events } of await repository.running()) {
        // Couriers of other adapters may run elsewhere (terminal and server on one file): leave theirs alone.
        // What runs already stays as it is: each platform asks once it is connected.
        if (deps.outbox.isConnected(quiz.room.platform) && !runner.byId(quiz.id)) await runner.stage(quiz, events);
      }
    },
    close: runner.close,
  };
}

/** Runs a chart question's demo ahead of time with a fresh seed, so that the clock is fair; its key comes from the run. */
async function prepare(deps: QuizDeps, question: Question, instance: StoredQuiz['questions'][number]['instance']) {
  if (question.kind !== 'chart') return instance;
  const seed = deps.freshSeed();
  const run = await deps.demos.run(question.demo, question.params, seed, { owner: 'quiz' });
  const { measures } = run.outcome;
  if (!question.choices)
    return {
      ...instance,
      run: { seed, params: run.params, key: measures[question.measure ?? ''] ?? Number.NaN },
    };
  const values = question.choices.map(({ measure }) => measures[measure] ?? Number.NaN);
  const best = question.pick === 'smallest' ? Math.min(...values) : Math.max(...values);
  return { ...instance, run: { seed, params: run.params, key: values.indexOf(best) } };
}
