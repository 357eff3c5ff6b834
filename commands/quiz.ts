import { type ActionHandler, type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, say, whisper } from '../src/core/reply.ts';
import { questionTopic, suggestQuestionTopics } from '../src/notes/naming.ts';
import { result } from '../src/quiz/boards/context.ts';
import { isEmpty, shownCount, type Value } from '../src/quiz/grade.ts';
import type { LiveQuiz } from '../src/quiz/live.ts';
import type { Asked, StartOptions } from '../src/quiz/service.ts';
import { type Control, MODES } from '../src/quiz/state.ts';
import { describeValue } from '../src/quiz/wording.ts';

const ACTIONS = ['start', 'join', 'begin', 'skip', 'pause', 'resume', 'stop', 'status'] as const;
const DEFAULTS = { topic: null, total: 5, seconds: 30, lobbySeconds: 15, mode: 'calm', teams: 0, lock: false } as const;

export default defineCommand({
  name: 'quiz',
  description: { en: 'A quiz for everyone in this channel', zh: '在本频道开一场大家都能参加的测验' },
  visibility: 'public',
  group: true,
  examples: ['/quiz start topic:batch-size questions:5', '/quiz start mode:exam teams:2', '/quiz stop'],
  options: {
    do: {
      type: 'choice',
      choices: ACTIONS,
      subcommand: true,
      positional: true,
      required: true,
      description: { en: 'what to do', zh: '操作' },
      labels: {
        start: { en: 'Start a quiz', zh: '开始测验' },
        join: { en: 'Play along', zh: '加入测验' },
        begin: { en: 'Do not wait for more players', zh: '不再等人，马上开始' },
        skip: { en: 'Close this question, or go on to the next', zh: '结束本题，或进入下一题' },
        pause: { en: 'Stop the clock', zh: '暂停计时' },
        resume: { en: 'Go on', zh: '继续' },
        stop: { en: 'End the quiz now', zh: '立即结束测验' },
        status: { en: 'How the quiz stands, and what is asked', zh: '查看进度和当前题目' },
      },
    },
    topic: {
      type: 'string',
      only: ['start'],
      description: { en: 'only questions on this topic', zh: '只出这个主题的题' },
      suggest: (services, typed, locale) => suggestQuestionTopics(services.notes, typed, locale),
    },
    questions: { type: 'integer', min: 1, max: 50, only: ['start'], description: { en: 'how many questions', zh: '题数' } },
    seconds: {
      type: 'integer',
      min: 5,
      max: 600,
      only: ['start'],
      description: { en: 'answering time of a question', zh: '每题作答秒数' },
    },
    mode: {
      type: 'choice',
      choices: MODES,
      only: ['start'],
      labels: {
        calm: { en: 'calm: only correctness counts', zh: '从容：只看对错' },
        speed: { en: 'speed: faster earns a little more', zh: '抢速：答得快加一点分' },
        exam: { en: 'exam: answers shown at the end', zh: '考试：结束后才公布答案' },
      },
      description: { en: 'calm (default), speed or exam', zh: '从容（默认）、抢速或考试' },
    },
    lobby: {
      type: 'integer',
      min: 0,
      max: 600,
      only: ['start'],
      description: { en: 'seconds to wait for players', zh: '等待玩家加入的秒数' },
    },
    teams: { type: 'integer', min: 2, max: 6, only: ['start'], description: { en: 'number of teams', zh: '队伍数' } },
    lock: {
      type: 'boolean',
      only: ['start'],
      description: { en: 'the first answer counts and cannot be changed', zh: '以第一次作答为准，不能改' },
    },
  },
  async run(ctx, options) {
    if (options.do === 'start') {
      return start(ctx, {
        topic: options.topic ? questionTopic(ctx.services.notes, options.topic, ctx.locale) : DEFAULTS.topic,
        total: options.questions ?? DEFAULTS.total,
        seconds: options.seconds ?? DEFAULTS.seconds,
        mode: options.mode ?? DEFAULTS.mode,
        lobbySeconds: options.lobby ?? DEFAULTS.lobbySeconds,
        teams: options.teams ?? DEFAULTS.teams,
        lock: options.lock ?? DEFAULTS.lock,
      });
    }
    const live = ctx.services.quiz.inRoom(ctx.room);
    if (!live) throw new UserError('quiz-none');
    if (options.do === 'status') return status(ctx, live);
    return options.do === 'join' ? join(ctx, live) : control(ctx, live, options.do);
  },
  actions: {
    topic: (ctx, [topic]) => start(ctx, { ...DEFAULTS, topic: questionTopic(ctx.services.notes, topic ?? '', ctx.locale) }),
    again: async (ctx, [quizId]) => start(ctx, await like(ctx, quizId)),
    async rematch(ctx, [quizId]) {
      const settings = await like(ctx, quizId);
      const only = await ctx.services.quiz.missed(quizId ?? '');
      if (only.length === 0) throw new UserError('quiz-nothing-missed');
      return start(ctx, { ...settings, total: only.length, only });
    },
    mine: (ctx, [quizId]) => ctx.services.quiz.own(quizId ?? '', ctx.room, ctx.request.user, ctx.locale),
    join: (ctx, [quizId]) => join(ctx, ctx.services.quiz.find(quizId ?? '', ctx.room)),
    pick: answering(({ question, before }, pick) => {
      const picked = before && 'picked' in before ? before.picked : [];
      if (pick < 0 || pick >= shownCount(question)) throw new UserError('stale-button');
      if (question.kind === 'ordering') return { picked: picked.includes(pick) ? picked : [...picked, pick] };
      if (question.kind !== 'multiple') return { picked: [pick] };
      return { picked: picked.includes(pick) ? picked.filter((index) => index !== pick) : [...picked, pick].sort() };
    }),
    clear: answering(() => ({ picked: [] })),
    done: answering(({ before }) => {
      if (!before) throw new UserError('answer-nothing-yet');
      return before;
    }, true),
    ...Object.fromEntries((['begin', 'next', 'skip', 'pause', 'resume', 'stop'] as const).map((what) => [what, controlling(what)])),
  },
});

type Wish = Omit<StartOptions, 'room' | 'host' | 'request' | 'locale'>;

async function start(ctx: Context, wish: Wish): Promise<Reply> {
  const { request, services, room, locale, t } = ctx;
  if (request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
  const live = await services.quiz.start({ ...wish, room, host: request.user, request: request.id, locale });
  const { settings } = live.state;
  return say([{ type: 'note', text: t('quiz.started', { total: settings.total }) }], { ...result(live), settings });
}

/** The rules of a quiz that is over, for another one. */
async function like({ services, room }: Context, quizId = ''): Promise<Wish> {
  const { topic, total, seconds, lobbySeconds, mode, teams, lock = false } = await services.quiz.settings(quizId, room);
  return { topic, total, seconds, lobbySeconds, mode, teams, lock };
}

async function join({ services, request, t }: Context, live: LiveQuiz): Promise<Reply> {
  const joined = await services.quiz.join(live, request.user, request.id);
  const team = live.state.players.get(request.user.id)?.team ?? null;
  const text = [t(joined ? 'quiz.joined' : 'quiz.already-in'), ...(team === null ? [] : [t('quiz.your-team', { number: team + 1 })])];
  return whisper([{ type: 'note', text: text.join(' ') }], { ...result(live), team });
}

/** Where the quiz stands, with the board itself for those who have lost sight of it. */
async function status({ services, request, t }: Context, live: LiveQuiz): Promise<Reply> {
  const { phase, position, answers, players, settings } = live.state;
  const own = answers.get(request.user.id);
  const lines = [
    position < 0
      ? t('quiz.status-lobby', { players: players.size, total: settings.total })
      : t('quiz.status', {
          number: position + 1,
          total: settings.total,
          answered: answers.size,
          players: players.size,
          phase: t(`quiz.phase-${phase}`),
        }),
    ...(own ? [t('quiz.your-answer', { answer: describeValue(own.value) })] : []),
  ];
  const board = await services.quiz.board(live);
  return whisper([{ type: 'note', text: lines.join('\n') }, ...(board?.blocks ?? [])], { ...result(live), ...board?.result });
}

async function control(ctx: Context, live: LiveQuiz, what: Control, position?: number): Promise<Reply> {
  const { user, id } = ctx.request;
  if (user.id !== live.state.settings.host && !user.admin) throw new UserError('host-only');
  const done = await ctx.services.quiz.control(live, what, id, position);
  if (!done) throw new UserError('quiz-not-now', { phase: ctx.t(`quiz.phase-${live.state.phase}`) });
  return whisper([{ type: 'note', text: ctx.t(`quiz.done-${what}`) }], result(live));
}

function controlling(what: Control): ActionHandler {
  return (ctx, [quizId, position]) => {
    const live = ctx.services.quiz.find(quizId ?? '', ctx.room);
    // A "next" under an older question must not skip the one that is open now.
    if (Number(position) !== live.state.position) throw new UserError('stale-button');
    return control(ctx, live, what, Number(position));
  };
}

/** A press on the board: builds the new answer, stores it, and tells the person privately what is recorded. */
function answering(change: (asked: Asked, pick: number) => Value, done = false): ActionHandler {
  return async ({ services, room, request, t }, [quizId, position, pick]) => {
    const live = services.quiz.find(quizId ?? '', room);
    const at = Number(position);
    if (!live.stored.questions[at] || !/^\d*$/.test(pick ?? '')) throw new UserError('stale-button');
    const value = await services.quiz.answer(live, request.user, at, (asked) => change(asked, Number(pick ?? -1)), request.id, done);
    return recorded(live, value, t);
  };
}

/** What a person's answer is now; shared with `/answer`. */
export function recorded(live: LiveQuiz, value: Value, t: Context['t']): Reply {
  const answer = describeValue(value);
  const how = isEmpty(value) ? 'quiz.cleared' : live.state.settings.lock ? 'quiz.recorded-locked' : 'quiz.recorded';
  return whisper([{ type: 'note', text: t(how, { answer }) }], { ...result(live), recorded: answer });
}
