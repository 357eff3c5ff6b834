import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { LOCALES, type Locale } from '../src/core/locale.ts';
import { type Reply, say } from '../src/core/reply.ts';
import type { Topic } from '../src/notes/content.ts';
import { spokenIn } from '../src/notes/conversations.ts';
import { explainBlocks, languageOf } from '../src/notes/present.ts';
import { answerResult } from '../src/notes/present-answer.ts';
import { answer } from './ask.ts';

export default defineCommand({
  name: 'explain',
  description: { en: 'Explain a topic from the notes, with sources', zh: '讲解一个主题：来自笔记，附出处' },
  visibility: 'public',
  navigates: ['section', 'language', 'claims'],
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
  run(ctx, { topic: text, lang }) {
    const topic = ctx.services.notes.named(text);
    const locale = lang ?? ctx.locale;
    return topic ? explain(ctx, topic, 'idea', locale) : answer({ ...ctx, locale, t: ctx.services.i18n(locale) }, text);
  },
  actions: {
    topic: (ctx, [id]) => explain(ctx, topicOf(ctx, id), 'idea', ctx.locale),
    section: (ctx, [id, section]) => explain(ctx, topicOf(ctx, id), section ?? 'idea', ctx.locale),
    claims: (ctx, [id]) => explain(ctx, topicOf(ctx, id), 'idea', ctx.locale, 'all'),
    language(ctx, [id, language]) {
      return explain(ctx, topicOf(ctx, id), 'idea', LOCALES.find((known) => known === language) ?? ctx.locale);
    },
  },
});

function topicOf(ctx: Context, id: string | undefined): Topic {
  const topic = ctx.services.notes.topic(id ?? '');
  if (!topic) throw new UserError('stale-button');
  return topic;
}

function explain(ctx: Context, topic: Topic, section: string, asked: Locale, claims?: 'all'): Reply {
  const { notes, i18n, conversations } = ctx.services;
  const locale = languageOf(topic, asked);
  const hit = notes.hit(topic.id, `#${section}`) ?? notes.hit(topic.id, `#${topic.texts[locale]?.sections[0]?.id}`);
  if (!hit) throw new UserError('stale-button');
  const result = answerResult({ kind: 'answer', hit, alternatives: [], probability: 1 }, locale);
  const spoken = spokenIn(result);
  if (spoken) conversations.remember(ctx.request, spoken);
  return say(explainBlocks({ notes, locale, t: i18n(locale) }, topic, section, claims), result);
}
