import { defineCommand } from '../src/core/command.ts';
import { say } from '../src/core/reply.ts';
import { answerResult, languageOf, passageBlocks } from '../src/notes/present.ts';
import { notFound } from './explain.ts';

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
  run(ctx, { question }) {
    const { notes } = ctx.services;
    const outcome = notes.search(question, ctx.locale, 'ask');
    if (outcome.kind !== 'answer') return notFound(ctx, question, outcome);
    const locale = languageOf(outcome.hit.topic, ctx.locale);
    const context = { notes, locale, t: ctx.services.i18n(locale) };
    return say(passageBlocks(context, outcome.hit), answerResult(outcome.hit, outcome.alternatives, locale));
  },
});
