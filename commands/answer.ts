import { defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { readTyped } from '../src/quiz/typed.ts';
import { choiceTexts } from '../src/quiz/wording.ts';
import { recorded } from './quiz.ts';

export default defineCommand({
  name: 'answer',
  description: { en: 'Answer the open quiz question by typing', zh: '用文字回答当前的测验题' },
  visibility: 'private',
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
  async run({ request, services, room, t }, { text }) {
    const live = services.quiz.inRoom(room);
    if (!live || live.state.position < 0) throw new UserError('quiz-none');
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
