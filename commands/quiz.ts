import { type ActionHandler, type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, say, whisper } from '../src/core/reply.ts';
import { result } from '../src/quiz/boards.ts';
import type { Value } from '../src/quiz/grade.ts';
import type { LiveQuiz } from '../src/quiz/live.ts';
import type { StartOptions } from '../src/quiz/service.ts';
import { MODES } from '../src/quiz/state.ts';
import { describeValue } from '../src/quiz/wording.ts';

const ACTIONS = ['start', 'stop', 'skip', 'pause', 'resume', 'status'] as const;
const DEFAULTS = { total: 5, seconds: 30, lobbySeconds: 15, mode: 'calm', teams: 0 } as const;

export default defineCommand({
  name: 'quiz',
  description: { en: 'A quiz for everyone in this channel', zh: '在本频道开一场大家都能参加的测验' },
  visibility: 'public',
  group: true,
  examples: ['/quiz start topic:batch-size questions:5', '/quiz start mode:speed seconds:20', '/quiz stop'],
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
        stop: { en: 'End the quiz now', zh: '立即结束测验' },
        skip: { en: 'Close this question now', zh: '跳过本题' },
        pause: { en: 'Stop the clock', zh: '暂停计时' },
        resume: { en: 'Go on', zh: '继续' },
        status: { en: 'How the quiz stands', zh: '查看进度' },
      },
    },
    topic: {
      type: 'string',
      only: ['start'],
      description: { en: 'only questions on this topic', zh: '只出这个主题的题' },
      suggest: (services, typed, locale) => services.notes.suggest(typed, locale),
    },
    questions: {
      type: 'integer',
      min: 1,
      max: 50,
      only: ['start'],
      description: { en: 'how many questions', zh: '题数' },
    },
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
    teams: {
      type: 'integer',
      min: 0,
      max: 6,
      only: ['start'],
      description: { en: 'number of teams', zh: '队伍数' },
    },
  },
  async run(ctx, options) {
    if (options.do === 'start') {
      const total = options.questions ?? DEFAULTS.total;
      const topic = options.topic ? topicOf(ctx, options.topic) : null;
      return start(ctx, {
        topic,
        total,
        seconds: options.seconds ?? DEFAULTS.seconds,
        mode: options.mode ?? DEFAULTS.mode,
        lobbySeconds: options.lobby ?? DEFAULTS.lobbySeconds,
        teams: options.teams ?? DEFAULTS.teams,
      });
    }
    const live = ctx.services.quiz.inRoom(ctx.room);
    if (!live) throw new UserError('quiz-none');
    if (options.do === 'status') return status(ctx, live);
    return control(ctx, live, options.do);
  },
  actions: {
    topic: (ctx, [topic]) => start(ctx, { ...DEFAULTS, topic: topicOf(ctx, topic ?? '') }),
    again: (ctx) => start(ctx, { ...DEFAULTS, topic: null }),
    async rematch(ctx) {
      const only = await ctx.services.quiz.missed(ctx.room);
      return start(ctx, { ...DEFAULTS, topic: null, total: Math.max(1, only.length), only });
    },
    async join(ctx, [quizId]) {
      const live = ctx.services.quiz.find(quizId ?? '', ctx.room);
      const joined = await ctx.services.quiz.join(live, ctx.request.user, ctx.request.id);
      return whisper([{ type: 'note', text: ctx.t(joined ? 'quiz.joined' : 'quiz.already-in') }], result(live));
    },
    pick: answering((shown, before) => {
      if (shown.kind === 'ordering') return { picked: before.includes(shown.pick) ? before : [...before, shown.pick] };
      if (shown.kind === 'multiple') {
        return {
          picked: before.includes(shown.pick) ? before.filter((index) => index !== shown.pick) : [...before, shown.pick].sort(),
        };
      }
      return { picked: [shown.pick] };
    }),
    clear: answering(() => ({ picked: [] })),
    begin: controlling('begin'),
    next: controlling('next'),
    stop: controlling('stop'),
  },
});

function topicOf({ services, locale }: Context, typed: string): string {
  const topic = services.notes.topic(typed)?.id ?? services.notes.suggest(typed, locale)[0]?.value;
  if (!topic) throw new UserError('unknown-topic', { topic: typed.slice(0, 40) });
  return topic;
}

async function start(ctx: Context, options: Omit<StartOptions, 'room' | 'host' | 'request' | 'locale'>): Promise<Reply> {
  const { request, services, room, locale, t } = ctx;
  if (request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
  const live = await services.quiz.start({
    ...options,
    room,
    host: request.user,
    request: request.id,
    locale,
  });
  return say([{ type: 'note', text: t('quiz.started', { total: live.state.settings.total }) }], {
    ...result(live),
    settings: live.state.settings,
  });
}

async function status(ctx: Context, live: LiveQuiz): Promise<Reply> {
  const { phase, position, answers, players, settings } = live.state;
  const text = ctx.t('quiz.status', {
    number: position + 1,
    total: settings.total,
    answered: answers.size,
    players: players.size,
    phase: ctx.t(`quiz.phase-${phase}`),
  });
  return whisper([{ type: 'note', text }], result(live));
}

async function control(ctx: Context, live: LiveQuiz, what: 'begin' | 'next' | 'skip' | 'pause' | 'resume' | 'stop'): Promise<Reply> {
  const { user, id } = ctx.request;
  if (user.id !== live.state.settings.host && !user.admin) throw new UserError('host-only');
  const done = await ctx.services.quiz.control(live, what, id);
  if (!done) throw new UserError('quiz-not-now', { phase: ctx.t(`quiz.phase-${live.state.phase}`) });
  return whisper([{ type: 'note', text: ctx.t(`quiz.done-${what}`) }], result(live));
}

function controlling(what: 'begin' | 'next' | 'stop'): ActionHandler {
  return (ctx, [quizId, position]) => {
    const live = ctx.services.quiz.find(quizId ?? '', ctx.room);
    // A "next" from an older reveal must not skip the question that is open now.
    if (position !== undefined && Number(position) !== live.state.position) throw new UserError('stale-button');
    return control(ctx, live, what);
  };
}

/** A press on a choice: builds the new answer, stores it, and tells the person privately what is recorded. */
function answering(change: (shown: { kind: string; pick: number }, before: number[]) => Value): ActionHandler {
  return async (ctx, [quizId, position, pick]) => {
    const { services, room, request, t } = ctx;
    const live = services.quiz.find(quizId ?? '', room);
    const slot = live.stored.questions[Number(position)];
    const question = slot && services.notes.content().questions.get(slot.questionId);
    const index = Number(pick ?? 0);
    const size = Math.max(slot?.instance.order.length ?? 0, question?.kind === 'boolean' ? 2 : 0);
    if (!question || !Number.isInteger(index) || index < 0 || index >= size) throw new UserError('stale-button');
    const value = await services.quiz.answer(
      live,
      request.user,
      Number(position),
      (before) => change({ kind: question.kind, pick: index }, before && 'picked' in before ? before.picked : []),
      request.id,
    );
    return recorded(ctx, live, describeValue(value), t);
  };
}

function recorded(_ctx: Context, live: LiveQuiz, answer: string, t: Context['t']): Reply {
  return whisper([{ type: 'note', text: t('quiz.recorded', { answer }) }], {
    ...result(live),
    recorded: answer,
  });
}
