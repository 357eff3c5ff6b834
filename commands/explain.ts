import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { LOCALES, type Locale } from '../src/core/locale.ts';
import { type Reply, say } from '../src/core/reply.ts';
import { type Topic, textOf } from '../src/notes/content.ts';
import { sectionOf } from '../src/notes/passages.ts';
import { answerResult, explainBlocks, languageOf, noAnswer, topicButton } from '../src/notes/present.ts';
import type { Hit, SearchOutcome } from '../src/notes/service.ts';

export default defineCommand({
  name: 'explain',
  description: { en: 'Explain a topic from the notes, with sources', zh: '讲解一个主题：来自笔记，附出处' },
  visibility: 'public',
  navigates: ['section', 'language'],
  examples: ['/explain batchnorm', '/explain 梯度消失', '/explain batchnorm at test time'],
  options: {
    topic: {
      type: 'string',
      rest: true,
      positional: true,
      required: true,
      maxLength: 20_000,
      description: {
        en: 'a topic, in any spelling, or a question',
        zh: '主题（中英文、缩写、拼音皆可）或一个问题',
      },
      suggest: (services, typed, locale) => services.notes.suggest(typed, locale),
    },
    lang: {
      type: 'choice',
      choices: LOCALES,
      description: { en: 'language of the answer', zh: '回答的语言' },
    },
  },
  run(ctx, { topic, lang }) {
    const locale = lang ?? ctx.locale;
    const outcome = ctx.services.notes.search(topic, locale, 'explain');
    if (outcome.kind !== 'answer') return notFound(ctx, topic, outcome);
    return explain(ctx, outcome.hit, outcome.alternatives, locale);
  },
  actions: {
    topic: (ctx, [id]) => explain(ctx, hitOf(ctx, id, 'idea', ctx.locale), [], ctx.locale),
    section: (ctx, [id, section]) => explain(ctx, hitOf(ctx, id, section ?? 'idea', ctx.locale), [], ctx.locale),
    language(ctx, [id, language]) {
      const locale = LOCALES.find((known) => known === language) ?? ctx.locale;
      return explain(ctx, hitOf(ctx, id, 'idea', locale), [], locale);
    },
  },
});

function hitOf(ctx: Context, id: string | undefined, section: string, locale: Locale): Hit {
  const topic: Topic | undefined = ctx.services.notes.topic(id ?? '');
  const found = topic && sectionOf(textOf(topic, locale).sections, section);
  if (!topic || !found) throw new UserError('stale-button');
  return { topic, section: found, score: 1 };
}

function explain(ctx: Context, hit: Hit, alternatives: readonly Hit[], asked: Locale): Reply {
  const locale = languageOf(hit.topic, asked);
  const context = { notes: ctx.services.notes, locale, t: ctx.services.i18n(locale) };
  return say(explainBlocks(context, hit.topic, hit.section.id), answerResult(hit, alternatives, locale));
}

/** "Did you mean" with the nearest topics, or a plain "not in our notes". Authors find what was missed in the log. */
export function notFound(ctx: Context, text: string, outcome: Exclude<SearchOutcome, { kind: 'answer' }>): Reply {
  const { t, locale, services } = ctx;
  services.log.info({ outcome: outcome.kind, nearest: outcome.alternatives.map(({ topic }) => topic.id) }, 'not in the notes');
  services.log.debug({ text }, 'question without an answer');
  const maybe = outcome.kind === 'did-you-mean';
  const buttons = outcome.alternatives.map(({ topic }) => topicButton(topic, locale));
  return say(
    [
      {
        type: 'note',
        text: t(maybe ? 'notes.did-you-mean' : buttons.length > 0 ? 'notes.not-in-notes' : 'notes.nothing-near'),
      },
      ...(buttons.length > 0 ? [{ type: 'buttons', items: buttons } as const] : []),
    ],
    noAnswer(outcome.alternatives, locale),
  );
}
