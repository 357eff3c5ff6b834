import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { whisper } from '../src/core/reply.ts';
import { result } from '../src/quiz/boards.ts';

export default defineCommand({
  name: 'answer',
  description: { en: 'Answer the open quiz question by typing', zh: '用文字回答当前的测验题' },
  visibility: 'private',
  group: true,
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
  async run({ request, services, room, t }, { text }) {
    const live = services.quiz.inRoom(room);
    if (!live || live.state.phase === 'lobby') throw new UserError('quiz-none');
    const slot = live.stored.questions[live.state.position];
    const choices = slot?.instance.order.length ?? 0;
    const letters = text.toUpperCase().replace(/[\s,;，、]/g, '');
    const isLetters = /^[A-E]+$/.test(letters) && [...letters].every((letter) => letter.charCodeAt(0) - 65 < Math.max(choices, 2));
    const kind = slot && services.notes.content().questions.get(slot.questionId)?.kind;
    const picks = kind !== 'term' && kind !== 'numeric' && isLetters;
    const value = picks ? { picked: [...new Set(letters)].map((letter) => letter.charCodeAt(0) - 65) } : { typed: text };
    await services.quiz.answer(live, request.user, live.state.position, () => value, request.id);
    return whisper([{ type: 'note', text: t('quiz.recorded', { answer: picks ? letters : text }) }], {
      ...result(live),
      recorded: text,
    });
  },
});
