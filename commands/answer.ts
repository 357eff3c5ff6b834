import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import { readTyped } from '../src/quiz/typed.ts';
import { choiceTexts } from '../src/quiz/wording.ts';
import { recorded } from './quiz.ts';
import { answerTyped, personOf } from './review.ts';

export default defineCommand({
  name: 'answer',
  description: { en: 'Answer the open quiz question, or your own review, by typing', zh: '用文字回答当前的测验题或自己的复习题' },
  visibility: 'private',
  group: true,
  examples: ['/answer 0.25', '/answer batch normalization', '/answer B'],
  options: {
    text: {
      type: 'string',
      rest: true,
      positional: true,
      required: true,
      maxLength: 200,
      description: { en: 'a number, a term, or letters such as B', zh: '数字、术语，或选项字母如 B' },
    },
  },
  async run(ctx, { text }) {
    const { request, services, room, t } = ctx;
    const live = services.quiz.inRoom(room);
    if (!live || live.state.position < 0) return answerOpenReview(ctx, text);
    const { locale } = live.state.settings;
    const value = await services.quiz.answer(
      live,
      request.user,
      live.state.position,
      ({ question, instance }) => readTyped(question, instance, choiceTexts(question, instance, locale, services.i18n(locale)), text),
      request.id,
      true,
    );
    return recorded(live, value, t);
  },
});

/** Without a quiz in the room, what is typed answers the person's own open review. */
async function answerOpenReview(ctx: Context, text: string): Promise<Reply> {
  const turn = await ctx.services.learning.reviews.open(await personOf(ctx));
  if (!turn) throw new UserError('quiz-none');
  return answerTyped(ctx, turn, text);
}
