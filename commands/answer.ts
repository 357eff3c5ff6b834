import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { type Reply, whisper } from '../src/core/reply.ts';
import { result } from '../src/quiz/boards.ts';
import { describeValue, readAnswer } from '../src/quiz/wording.ts';
import { answerReview, personOf } from './review.ts';

export default defineCommand({
  name: 'answer',
  description: { en: 'Answer the open quiz question, or your own review, by typing', zh: '用文字回答当前的测验题或自己的复习题' },
  visibility: 'private',
  examples: ['/answer 0.25', '/answer batch normalization'],
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
    if (!live || live.state.phase === 'lobby') return answerOpenReview(ctx, text);
    const slot = live.stored.questions[live.state.position];
    const question = slot && services.notes.content().questions.get(slot.questionId);
    const value = readAnswer(question, slot?.instance ?? { order: [] }, text);
    await services.quiz.answer(live, request.user, live.state.position, () => value, request.id);
    return whisper([{ type: 'note', text: t('quiz.recorded', { answer: describeValue(value) }) }], {
      ...result(live),
      recorded: text,
    });
  },
});

/** Without a quiz in the room, what is typed answers the person's own open review. */
async function answerOpenReview(ctx: Context, text: string): Promise<Reply> {
  const turn = await ctx.services.learning.reviews.open(personOf(ctx));
  if (!turn) throw new UserError('quiz-none');
  return answerReview(ctx, turn, readAnswer(turn.question, turn.instance, text));
}
