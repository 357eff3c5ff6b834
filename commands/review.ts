import { type ActionHandler, type Context, defineCommand, type Reader } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { ask, feedback, nothingDue, type ReviewContext } from '../src/learn/present.ts';
import type { Person, Turn } from '../src/learn/service.ts';
import { readZone, suggestZones, zoneLabel } from '../src/learn/zone.ts';
import { questionTopic, suggestQuestionTopics } from '../src/notes/naming.ts';
import { languageOf, passageBlocks, sectionOf } from '../src/notes/present.ts';
import { formText } from '../src/quiz/answering.ts';
import type { Value } from '../src/quiz/grade.ts';
import { isEmpty, isPartial, shownCount } from '../src/quiz/grade.ts';
import { hintBlocks } from '../src/quiz/helping.ts';
import { readTyped } from '../src/quiz/typed.ts';
import { answeringWay, choiceTexts, LETTERS } from '../src/quiz/wording.ts';

const DEFAULT_HOUR = 18;

export default defineCommand({
  name: 'review',
  description: { en: 'Your own due questions, one at a time, spaced so that they stay', zh: '复习到期的题目：一次一题，按记忆规律安排' },
  visibility: 'private',
  navigates: ['next', 'pick', 'clear', 'done', 'hint', 'type'],
  slow: true,
  examples: ['/review', '/review topic:batch-size', '/review answer:0.25', '/review remind:on hour:18 zone:Asia/Shanghai'],
  options: {
    topic: {
      type: 'string',
      positional: true,
      description: { en: 'questions of this topic, new ones too', zh: '只复习这个主题，也包括新题' },
      suggest: (services, typed, locale) => suggestQuestionTopics(services.notes, typed, locale),
    },
    answer: {
      type: 'string',
      maxLength: 200,
      description: { en: 'your answer to the open question: a number, a term, or letters', zh: '对当前复习题的回答：数字、术语或选项字母' },
    },
    remind: {
      type: 'choice',
      choices: ['on', 'off'],
      labels: { on: { en: 'on', zh: '开' }, off: { en: 'off', zh: '关' } },
      description: { en: 'a direct message when something is due, once a day at most', zh: '有题到期时私信提醒，每天最多一次' },
    },
    hour: {
      type: 'integer',
      min: 0,
      max: 23,
      description: { en: 'hour of the reminder, in your time zone', zh: '提醒的钟点（按你的时区）' },
    },
    zone: {
      type: 'string',
      maxLength: 60,
      description: { en: 'your time zone, such as Europe/Berlin', zh: '你的时区，如 Asia/Shanghai' },
      suggest: async (services, typed, locale, _other, reader) => {
        const own = (await knownZone(services, reader)) ?? readZone(reader.zone ?? '');
        return suggestZones(typed, locale, own).map((value) => ({ value, label: zoneLabel(value, locale) }));
      },
    },
  },
  async run(ctx, { topic, answer, remind, hour, zone }) {
    if (remind !== undefined || hour !== undefined || zone !== undefined) return settings(ctx, remind, hour, zone);
    if (answer !== undefined) {
      const turn = await ctx.services.learning.reviews.open(await personOf(ctx));
      if (!turn) throw new UserError('no-open-review');
      return answerTyped(ctx, turn, answer);
    }
    return next(ctx, await personOf(ctx), topic === undefined ? undefined : questionTopic(ctx.services.notes, topic, ctx.locale));
  },
  actions: {
    async next(ctx, [space, topic]) {
      const { notes } = ctx.services;
      const known = topic !== undefined && (notes.topic(topic) || notes.content().decks.has(topic));
      return next(ctx, await personOf(ctx, space), known ? topic : undefined);
    },
    pick: onTurn((ctx, turn, [index]) => pick(ctx, turn, Number(index))),
    clear: onTurn(async (ctx, turn) => {
      await ctx.services.learning.reviews.pick(turn, () => [], ctx.request.id);
      return shown(ctx, { ...turn, value: undefined });
    }),
    done: onTurn((ctx, turn) => check(ctx, turn)),
    type: onTurn(async (ctx, turn) => {
      const text = formText(ctx);
      if (text !== undefined) return answerTyped(ctx, turn, text);
      return whisper([{ type: 'note', text: ctx.t(`review.how-${answeringWay(turn.question)}`) }], { kind: 'info' });
    }),
    hint: onTurn(hint),
    async quiet(ctx, [space]) {
      const person = await personOf(ctx, space);
      await ctx.services.learning.reminders.set(person, { hour: null, locale: ctx.locale });
      return whisper([{ type: 'note', text: ctx.t('review.reminders-off') }], { kind: 'info', remind: false });
    },
  },
});

/** The zone that somebody has told us; undefined when they have not. */
async function knownZone({ learning }: Context['services'], { person }: Reader): Promise<string | undefined> {
  if (!person) return undefined;
  const { zone, isKnown } = await learning.reminders.get(await learning.personOf(person));
  return isKnown ? zone : undefined;
}

/** The person who asks, as learning knows them; `space` is where a button comes from. */
export function personOf({ request, services }: Context, space?: string): Promise<Person> {
  return services.learning.personOf(request, space);
}

/** @throws UserError when it cannot be an answer to this question. */
export function answerTyped(ctx: Context, turn: Turn, text: string): Promise<Reply> {
  const { question, instance } = turn;
  return answerReview(ctx, turn, readTyped(question, instance, choiceTexts(question, instance, ctx.locale, ctx.t), text));
}

/** Stores an answer and tells what came of it. */
async function answerReview(ctx: Context, turn: Turn, value: Value): Promise<Reply> {
  const { reviews } = ctx.services.learning;
  const outcome = await reviews.answer(turn, value);
  return feedback(await contextOf(ctx, turn.person, turn), outcome, await reviews.status(turn.person));
}

async function contextOf({ services, locale, t }: Context, person: Person, turn?: Turn): Promise<ReviewContext> {
  const { zone } = await services.learning.reminders.get(person);
  const series = turn?.quiz ? await services.learning.personalQuizzes.find(person, turn.quiz) : undefined;
  return { notes: services.notes, locale, t, now: services.clock.now(), zone, series };
}

async function next(ctx: Context, person: Person, topic: string | undefined): Promise<Reply> {
  const { reviews } = ctx.services.learning;
  const turn = await reviews.next(person, topic);
  if (turn) return shown(ctx, turn);
  return nothingDue(await contextOf(ctx, person), await reviews.status(person), person);
}

/** The question as it stands, with the chart where it is about one. */
export async function shown(ctx: Context, turn: Turn): Promise<Reply> {
  const { demos, learning } = ctx.services;
  const { question, instance, person } = turn;
  const { due } = await learning.reviews.status(person);
  const run =
    question.kind === 'chart' && instance.run
      ? await demos.run(question.demo, instance.run.params, instance.run.seed, { owner: `review/${person.user_id}`, signal: ctx.signal })
      : undefined;
  return ask(await contextOf(ctx, person, turn), turn, due, run && (await demos.draw(run, ctx.locale, { asked: true })));
}

/** A press on a button of one question; one that was answered before shows again what came of it. */
function onTurn(act: (ctx: Context, turn: Turn, args: string[]) => Promise<Reply>): ActionHandler {
  return async (ctx, [turnId, ...args]) => {
    const turn = await ctx.services.learning.reviews.find(await personOf(ctx), turnId ?? '');
    return turn.answeredAt === null ? act(ctx, turn, args) : answerReview(ctx, turn, turn.value ?? { picked: [] });
  };
}

/** One choice answers at once; where several belong to the answer they are collected until "check". */
async function pick(ctx: Context, turn: Turn, index: number): Promise<Reply> {
  const { question } = turn;
  if (!Number.isInteger(index) || index < 0 || index >= shownCount(question)) throw new UserError('stale-button');
  if (question.kind !== 'multiple' && question.kind !== 'ordering') return answerReview(ctx, turn, { picked: [index] });
  const change = (picked: number[]) => {
    if (!picked.includes(index)) return [...picked, index];
    return question.kind === 'ordering' ? picked : picked.filter((other) => other !== index);
  };
  return shown(ctx, { ...turn, value: await ctx.services.learning.reviews.pick(turn, change, ctx.request.id) });
}

/** Grades what was collected, once it is an answer. */
function check(ctx: Context, turn: Turn): Promise<Reply> {
  const { question, value } = turn;
  if (!value || isEmpty(value)) throw new UserError('answer-nothing-yet');
  if (isPartial(question, value)) {
    const letters = LETTERS.slice(0, shownCount(question)).split('').join(', ');
    throw new UserError('answer-not-all', { count: shownCount(question), letters });
  }
  return answerReview(ctx, turn, value);
}

/** A hint of the author's while there is one, then the passage that holds the answer; after either it comes back sooner. */
async function hint(ctx: Context, turn: Turn, [number]: string[]): Promise<Reply> {
  const { notes, learning, i18n } = ctx.services;
  const { question } = turn;
  const hints = question.hints?.length ?? 0;
  // Buttons from before hints were counted have no number.
  const wanted = Math.max(1, Number(number ?? 1) || 1);
  const topic = notes.topic(question.topic);
  const locale = topic && languageOf(topic, ctx.locale);
  const section = topic && locale && sectionOf(topic, locale, question.section ?? 'idea');
  if (wanted > hints && !section) throw new UserError('stale-button');
  await learning.reviews.help(turn, wanted);
  const board = await shown(ctx, { ...turn, helps: Math.max(turn.helps, wanted) });
  const passage = wanted > hints && topic && locale && section ? passageBlocks({ notes, locale, t: i18n(locale) }, topic, section) : [];
  return { ...board, blocks: [...passage.slice(0, 2), ...hintBlocks(question, wanted, ctx), { type: 'divider' }, ...board.blocks] };
}

async function settings(
  ctx: Context,
  remind: 'on' | 'off' | undefined,
  hour: number | undefined,
  zone: string | undefined,
): Promise<Reply> {
  const { reminders } = ctx.services.learning;
  const person = await personOf(ctx);
  const known = zone === undefined ? undefined : readZone(zone);
  if (zone !== undefined && known === undefined) {
    throw new UserError('unknown-zone', { zone: zone.slice(0, 40), suggestion: suggestZones(zone, ctx.locale)[0] ?? 'Europe/Berlin' });
  }
  const before = await reminders.get(person);
  // An hour alone means that reminders are wanted at it.
  const wanted = remind === 'off' ? null : (hour ?? (remind === 'on' ? (before.hour ?? DEFAULT_HOUR) : undefined));
  const { platform, space, user } = ctx.request;
  const now = await reminders.set(person, { locale: ctx.locale, zone: known, hour: wanted }, { platform, space, user_id: user.id });
  const time = { hour: `${String(now.hour ?? 0).padStart(2, '0')}:00`, zone: now.zone };
  const notes = [
    now.hour === null ? ctx.t('review.reminders-off') : ctx.t(now.refused ? 'review.reminders-refused' : 'review.reminders-on', time),
    ...(known !== undefined && now.hour === null ? [ctx.t('review.zone-set', time)] : []),
    ...(now.hour !== null && now.zone === 'UTC' && zone === undefined ? [ctx.t('review.zone-hint')] : []),
  ];
  return whisper(
    notes.map((text) => ({ type: 'note', text })),
    { kind: 'info', remind: now.hour !== null, hour: now.hour, zone: now.zone, refused: now.refused },
  );
}
