import { type Context, defineCommand } from '../src/core/command.ts';
import { errorReply, UserError } from '../src/core/errors.ts';
import type { Reply } from '../src/core/reply.ts';
import { takeTyped } from '../src/quiz/answering.ts';
import { deadlineOf, type LiveQuiz } from '../src/quiz/live.ts';
import { MAX_TYPED } from '../src/quiz/wording.ts';
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
      maxLength: MAX_TYPED,
      description: { en: 'a number, a term, or letters such as B', zh: '数字、术语，或选项字母如 B' },
    },
  },
  async run(ctx, { text }) {
    const live = await ctx.services.quiz.open(ctx.room);
    if (!live || live.state.position < 0) return answerOpenReview(ctx, live, text);
    return takeTyped(ctx, live, live.state.position, text);
  },
});

/** While no quiz asks anything in the room, what is typed answers the person's own open review. */
async function answerOpenReview(ctx: Context, live: LiveQuiz | undefined, text: string): Promise<Reply> {
  const turn = await ctx.services.learning.reviews.open(await personOf(ctx));
  if (turn) return answerTyped(ctx, turn, text);
  if (!live) throw new UserError('quiz-none');
  const reply = errorReply(new UserError('quiz-not-begun'), ctx.t);
  const at = deadlineOf(live);
  return {
    ...reply,
    blocks: [...reply.blocks, ...(at === null ? [] : [{ type: 'deadline', text: ctx.t('quiz.starts-at'), at } as const])],
  };
}
