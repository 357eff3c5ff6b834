import { type ActionHandler, type Context, defineCommand } from '../src/core/command.ts';
import { errorReply, UserError } from '../src/core/errors.ts';
import { actionId, MAX_BUTTON_ID } from '../src/core/ids.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { goOn, QUIZ_ME, quizMe } from '../src/learn/quiz-me.ts';
import { nearTopics, questionTopic, suggestQuestionTopics } from '../src/notes/naming.ts';
import { formText, questionOf, take, takeTyped } from '../src/quiz/answering.ts';
import { result } from '../src/quiz/boards/context.ts';
import { shownCount, type Value } from '../src/quiz/grade.ts';
import { hintAction, likeAction, reasonAction } from '../src/quiz/helping.ts';
import { askToEnd, control, controlling, startHere, status, type Wish } from '../src/quiz/leading.ts';
import type { LiveQuiz } from '../src/quiz/live.ts';
import type { Asked } from '../src/quiz/service.ts';
import { MODES } from '../src/quiz/state.ts';
import { openAction, ownAction } from '../src/quiz/taking-own.ts';
import { TIME_OPTIONS } from '../src/quiz/timetable/options.ts';
import { cancelAction, daily, nowAction, openUntil, schedule, schedules } from '../src/quiz/timetable/scheduling.ts';
import { answeringWay } from '../src/quiz/wording.ts';
import { shown } from './review.ts';

const ACTIONS = [
  'start',
  'me',
  'open',
  'schedule',
  'daily',
  'schedules',
  'join',
  'begin',
  'skip',
  'pause',
  'resume',
  'stop',
  'status',
] as const;
export const DEFAULTS = { topic: null, total: 5, seconds: 30, lobbySeconds: 15, mode: 'calm', teams: 0, lock: false } as const;

export default defineCommand({
  name: 'quiz',
  description: { en: 'A quiz for everyone in this channel', zh: '在本频道开一场大家都能参加的测验' },
  // The boards are the quiz's own messages; what a command answers is for the person alone.
  visibility: 'private',
  navigates: ['end', 'keep', 'on', 'own'],
  group: true,
  examples: [
    '/quiz start topic:batch-size questions:5',
    '/quiz batch-size',
    '/quiz me attention',
    '/quiz start mode:discuss',
    '/quiz schedule attention when:"Friday 18:00" zone:Europe/Berlin repeat:weekly',
    '/quiz daily at:09:00',
    '/quiz open until:"Sunday 20:00"',
  ],
  options: {
    do: {
      type: 'choice',
      choices: ACTIONS,
      subcommand: true,
      positional: true,
      otherwise: 'topic',
      description: { en: 'what to do; without it a quiz starts', zh: '操作；不写就开始一场测验' },
      labels: {
        start: { en: 'Start a quiz', zh: '开始测验' },
        me: { en: 'A quiz for you alone', zh: '只给你自己的测验' },
        open: { en: 'A quiz over days, at your own pace', zh: '限期测验：各人自选时间作答' },
        schedule: { en: 'A quiz at a later time, once or weekly', zh: '定时测验：一次或每周' },
        daily: { en: 'A question of the day', zh: '每日一题' },
        schedules: { en: 'What is scheduled here, and cancel it', zh: '查看和取消定时测验' },
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
      only: ['start', 'me', 'open', 'schedule', 'daily'],
      positional: true,
      rest: true,
      description: { en: 'only questions on this topic', zh: '只出这个主题的题' },
      suggest: (services, typed, locale) => suggestQuestionTopics(services.notes, typed, locale),
    },
    questions: {
      type: 'integer',
      min: 1,
      max: 50,
      only: ['start', 'me', 'open', 'schedule'],
      description: { en: 'how many questions', zh: '题数' },
    },
    seconds: {
      type: 'integer',
      min: 5,
      max: 600,
      only: ['start', 'schedule'],
      description: { en: 'answering time of a question', zh: '每题作答秒数' },
    },
    mode: {
      type: 'choice',
      choices: MODES,
      only: ['start', 'schedule'],
      labels: {
        calm: { en: 'calm: only correctness counts', zh: '从容：只看对错' },
        speed: { en: 'speed: faster earns a little more', zh: '抢速：答得快加一点分' },
        exam: { en: 'exam: answers shown at the end', zh: '考试：结束后才公布答案' },
        discuss: { en: 'discuss: vote, talk, vote again', zh: '讨论：投票、讨论、再投票' },
      },
      description: { en: 'calm (default), speed, exam or discuss', zh: '从容（默认）、抢速、考试或讨论' },
    },
    lobby: {
      type: 'integer',
      min: 0,
      max: 600,
      only: ['start', 'schedule'],
      description: { en: 'seconds to wait for players', zh: '等待玩家加入的秒数' },
    },
    teams: { type: 'integer', min: 2, max: 6, only: ['start', 'schedule'], description: { en: 'number of teams', zh: '队伍数' } },
    ...TIME_OPTIONS,
    lock: {
      type: 'boolean',
      only: ['start', 'schedule'],
      description: { en: 'the first answer counts and cannot be changed', zh: '以第一次作答为准，不能改' },
    },
  },
  async run(ctx, options) {
    const live = await ctx.services.quiz.open(ctx.room);
    // Without a word what is likely: how the quiz stands that is on, else a new one.
    const what = options.do ?? (live && Object.values(options).every((value) => value === undefined) ? 'status' : 'start');
    if (what === 'schedules') return schedules(ctx);
    if (isNew(what)) {
      const topic = options.topic ? findTopic(ctx, options.topic, what === 'me' ? 'me' : 'topic') : DEFAULTS.topic;
      if (typeof topic === 'object' && topic !== null) return topic;
      if (what === 'me') return quizMe(ctx, topic, options.questions ?? QUIZ_ME, shown);
      const wish = {
        topic,
        total: options.questions ?? DEFAULTS.total,
        seconds: options.seconds ?? DEFAULTS.seconds,
        mode: options.mode ?? DEFAULTS.mode,
        lobbySeconds: options.lobby ?? DEFAULTS.lobbySeconds,
        teams: options.teams ?? DEFAULTS.teams,
        lock: options.lock ?? DEFAULTS.lock,
      };
      return what === 'start' ? startHere(ctx, wish) : { schedule, daily, open: openUntil }[what](ctx, options, wish);
    }
    if (!live) throw new UserError('quiz-none');
    if (what === 'status') return status(ctx, live);
    if (what === 'join') return join(ctx, live);
    if (what === 'stop') return askToEnd(ctx, live);
    // Said of what is on now: said twice at once, it is done once.
    const { position, phase } = live.state;
    return control(ctx, live, what, { position, phase });
  },
  actions: {
    topic: (ctx, [topic]) => startHere(ctx, { ...DEFAULTS, topic: topic ? questionTopic(ctx.services.notes, topic, ctx.locale) : null }),
    me: (ctx, [topic]) => quizMe(ctx, topic ? questionTopic(ctx.services.notes, topic, ctx.locale) : null, QUIZ_ME, shown),
    open: openAction,
    own: ownAction,
    cancel: cancelAction,
    now: nowAction,
    on: (ctx, [quizId]) => goOn(ctx, quizId ?? '', shown),
    again: async (ctx, [quizId]) => startHere(ctx, await like(ctx, quizId)),
    async rematch(ctx, [quizId]) {
      const settings = await like(ctx, quizId);
      const only = await ctx.services.quiz.missed(quizId ?? '');
      if (only.length === 0) throw new UserError('quiz-nothing-missed');
      return startHere(ctx, { ...settings, total: only.length, only });
    },
    mine: (ctx, [quizId]) => ctx.services.quiz.own(quizId ?? '', ctx.room, ctx.request.user, ctx.locale),
    join: async (ctx, [quizId]) => join(ctx, await ctx.services.quiz.find(quizId ?? '', ctx.room)),
    pick: answering(({ question, before }, pick) => {
      const picked = before && 'picked' in before ? before.picked : [];
      if (pick < 0 || pick >= shownCount(question)) throw new UserError('stale-button');
      if (question.kind === 'ordering') return { picked: picked.includes(pick) ? picked : [...picked, pick] };
      if (question.kind !== 'multiple') return { picked: [pick] };
      return { picked: picked.includes(pick) ? picked.filter((index) => index !== pick) : [...picked, pick].sort() };
    }),
    hint: hintAction,
    reason: reasonAction,
    like: likeAction,
    type: (ctx, [quizId, position]) => typed(ctx, quizId, Number(position)),
    clear: answering(() => ({ picked: [] })),
    done: answering(({ before }) => {
      if (!before) throw new UserError('answer-nothing-yet');
      return before;
    }, true),
    ...Object.fromEntries((['begin', 'next', 'skip', 'pause', 'resume'] as const).map((what) => [what, controlling(what)])),
    stop: async (ctx, [quizId]) => askToEnd(ctx, await ctx.services.quiz.find(quizId ?? '', ctx.room)),
    end: async (ctx, [quizId]) => control(ctx, await ctx.services.quiz.find(quizId ?? '', ctx.room), 'stop'),
    keep: ({ t }) => whisper([{ type: 'note', text: t('quiz.kept') }], { kind: 'info' }),
  },
});

/** What begins something new, now or later. */
function isNew(what: string): what is 'start' | 'me' | 'open' | 'schedule' | 'daily' {
  return ['start', 'me', 'open', 'schedule', 'daily'].includes(what);
}

/** The topic that is meant, or a reply that offers the nearest ones. */
function findTopic({ services, locale, t }: Context, typed: string, then: 'topic' | 'me'): string | Reply {
  const { notes } = services;
  try {
    return questionTopic(notes, typed, locale);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reply = errorReply(error, t);
    const items = nearTopics(notes, typed, locale)
      .filter(({ value }) => `1~quiz~${then}~${value}`.length <= MAX_BUTTON_ID)
      .map(({ value, label }) => ({ id: actionId('quiz', then, value), label }));
    return { ...reply, blocks: [...reply.blocks, { type: 'buttons', items }] };
  }
}

/** The rules of a quiz that is over, for another one. */
async function like({ services, room }: Context, quizId = ''): Promise<Wish> {
  const { topic, total, seconds, lobbySeconds, mode, teams, lock = false } = await services.quiz.settings(quizId, room);
  return { topic, total, seconds, lobbySeconds, mode, teams, lock };
}

async function join({ services, request, locale, t }: Context, live: LiveQuiz): Promise<Reply> {
  const joined = await services.quiz.join(live, request.user, request.id);
  const team = live.state.players.get(request.user.id)?.team ?? null;
  services.quiz.owed(live, request.user, locale);
  const text = [t(joined ? 'quiz.joined' : 'quiz.already-in'), ...(team === null ? [] : [t('quiz.your-team', { number: team + 1 })])];
  return whisper([{ type: 'note', text: text.join(' ') }], { ...result(live), team });
}

/** A press on the board: builds the new answer, stores it, and tells the person privately what is recorded. */
function answering(change: (asked: Asked, pick: number) => Value, done = false): ActionHandler {
  return async (ctx, [quizId, position, pick]) => {
    const live = await ctx.services.quiz.find(quizId ?? '', ctx.room);
    const at = Number(position);
    if (!live.stored.questions[at] || !/^\d*$/.test(pick ?? '')) throw new UserError('stale-button');
    return take(ctx, live, at, (asked) => change(asked, Number(pick ?? -1)), done);
  };
}

/** A form that was sent; where the platform has none, the press alone, which is told what to type. */
async function typed(ctx: Context, quizId: string | undefined, position: number): Promise<Reply> {
  const live = await ctx.services.quiz.find(quizId ?? '', ctx.room);
  if (!live.stored.questions[position]) throw new UserError('stale-button');
  const text = formText(ctx);
  if (text === undefined) {
    const question = questionOf(ctx.services, live, position);
    return whisper([{ type: 'note', text: question ? ctx.t(`quiz.how-${answeringWay(question)}`) : ctx.t('quiz.closed') }], result(live));
  }
  return takeTyped(ctx, live, position, text);
}
