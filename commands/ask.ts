import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { detectLocale, type Locale } from '../src/core/locale.ts';
import { type Block, type Reply, say } from '../src/core/reply.ts';
import { feedbackButtons, reviewedNote } from '../src/gaps/present.ts';
import { spokenIn } from '../src/notes/conversations.ts';
import { languageOf } from '../src/notes/present.ts';
import { answerResult, outcomeBlocks, unitOf } from '../src/notes/present-answer.ts';
import type { Hit, Outcome } from '../src/notes/service.ts';
import { smallTalkOf } from '../src/notes/small-talk.ts';

export default defineCommand({
  name: 'ask',
  description: {
    en: 'Ask a question; the notes answer or say that they cannot',
    zh: '提问：由笔记回答，答不了会直说',
  },
  visibility: 'public',
  examples: ['/ask why does batchnorm behave differently at test time?', '/ask 为什么深层网络的低层学得慢？'],
  options: {
    question: {
      type: 'string',
      rest: true,
      positional: true,
      required: true,
      maxLength: 20_000,
      description: { en: 'in English or Chinese', zh: '中文或英文' },
    },
  },
  run: (ctx, { question }) => answer(ctx, question),
  actions: {
    show(ctx, [topic = '', unit = '']) {
      const hit = ctx.services.notes.hit(topic, unit);
      if (!hit) throw new UserError('stale-button');
      return told(ctx, { kind: 'answer', hit, alternatives: [], probability: 1 }, ctx.locale);
    },
  },
});

/** Answers a question from the notes, in the light of what was spoken of last. */
export async function answer(ctx: Context, question: string): Promise<Reply> {
  const { services, request } = ctx;
  const talk = smallTalkOf(question);
  // “Hello” is a word, but in a language.
  if (talk)
    return say([{ type: 'note', text: services.i18n(detectLocale(question) ?? ctx.locale)(`notes.talk-${talk}`) }], { kind: 'info', talk });
  const outcome = services.notes.ask(question, services.conversations.last(request));
  await services.gaps.asked(request, question, outcome);
  return told(ctx, outcome, ctx.locale);
}

async function told(ctx: Context, outcome: Outcome, asked: Locale): Promise<Reply> {
  const { services, request } = ctx;
  const hit: Hit | undefined = 'hit' in outcome ? outcome.hit : undefined;
  const locale = hit ? languageOf(hit.topic, ('locale' in outcome && outcome.locale) || asked) : asked;
  const context = { notes: services.notes, locale, t: services.i18n(locale) };
  const result = answerResult(outcome, locale);
  const spoken = spokenIn(result);
  if (spoken) services.conversations.remember(request, spoken);
  // Hosts find what was missed in the log.
  else services.log.info({ outcome: outcome.kind, nearest: outcome.alternatives.map(({ topic }) => topic.id) }, 'not in the notes');
  return say([...outcomeBlocks(context, outcome), ...(await afterwards(ctx, hit, locale))], result);
}

/** What a group does with an answer: whether it was read by somebody who knows, whether it helps; or that the question is kept. */
async function afterwards({ services, room }: Context, hit: Hit | undefined, locale: Locale): Promise<Block[]> {
  const t = services.i18n(locale, room.platform);
  const { gaps, feedback } = await services.gaps.settings(room);
  if (!hit) return gaps ? [{ type: 'note', text: t('gaps.kept') }] : [];
  const shown = { topic: hit.topic.id, unit: unitOf(hit) };
  const review = await services.gaps.reviewOf(room, shown);
  return [...(review ? [reviewedNote(review, t)] : []), ...(feedback ? feedbackButtons(shown, t) : [])];
}
