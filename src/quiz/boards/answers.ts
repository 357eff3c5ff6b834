import type { Translate } from '../../core/i18n.ts';
import { type Locale, localize } from '../../core/locale.ts';
import { type Block, type Reply, say, whisper } from '../../core/reply.ts';
import { rightPicks } from '../grade.ts';
import type { OwnAnswer } from '../history.ts';
import { hasNote } from '../question.ts';
import type { Asked } from '../state.ts';
import { choiceTexts, describeValue, rationales, rightAnswer } from '../wording.ts';
import { type BoardContext, result, type Shown, when } from './context.ts';
import { noteButton } from './reveal.ts';

/** Questions on one message of an exam's answers: what the smallest platform can hold. */
const ON_PAGE = 3;

/** All that an exam has kept back, a few questions a message. */
export function examAnswers({ live, t }: BoardContext, shown: (position: number) => Shown | undefined): Reply[] {
  const { asked, settings } = live.state;
  const pages = Array.from({ length: Math.ceil(asked.length / ON_PAGE) }, (_, i) => asked.slice(i * ON_PAGE, (i + 1) * ON_PAGE));
  return pages.map((page) => {
    const blocks = page.flatMap((one) => {
      const item = shown(one.position);
      return item ? examAnswer(one, item, settings.locale, t) : [];
    });
    const [first, last] = [page[0]!.position + 1, page.at(-1)!.position + 1];
    const title = first === last ? t('quiz.answer-title', { number: first }) : t('quiz.exam-answers', { first, last });
    return say([{ type: 'heading', text: title }, ...blocks], result(live));
  });
}

function examAnswer({ position, right, answered }: Asked, { question, instance }: Shown, locale: Locale, t: Translate): Block[] {
  const texts = choiceTexts(question, instance, locale, t);
  const why = rationales(question, instance, locale);
  return [
    { type: 'markdown', text: `**${position + 1}.** ${localize(question.prompt, locale)}` },
    { type: 'markdown', text: `**${t('quiz.right-answer')}** ${rightAnswer(question, instance, locale, texts, t)}` },
    { type: 'markdown', text: localize(question.explanation, locale) },
    ...when(why, () => ({ type: 'markdown', text: why })),
    { type: 'note', text: answered === 0 ? t('quiz.nobody-answered') : t('quiz.right-count', { right, answered }) },
  ];
}

/** One person's answers beside the right ones, for them alone. */
export function ownAnswers(
  items: readonly { answer: OwnAnswer; shown: Shown }[],
  { locale, t, titleOf }: { locale: Locale; t: Translate; titleOf(topic: string): string },
): Reply {
  if (items.length === 0) return whisper([{ type: 'note', text: t('quiz.mine-none') }], { kind: 'info' });
  const rows = items.map(({ answer, shown: { question, instance } }) => {
    const picks = rightPicks(question, instance);
    const right = picks ? describeValue({ picked: picks }, question) : rightAnswer(question, instance, locale, [], t);
    const mark = answer.credit === 1 ? '✓' : answer.credit > 0 ? `${Math.round(answer.credit * 100)} %` : '✗';
    return [`${answer.position + 1}`, brief(localize(question.prompt, locale)), brief(describeValue(answer.value, question)), right, mark];
  });
  const missed = items.filter(({ answer, shown }) => answer.credit < 1 && hasNote(shown.question)).map(({ shown }) => shown.question);
  const byTopic = [...new Map(missed.map((question) => [question.topic, question])).values()].slice(0, 5);
  return whisper(
    [
      { type: 'heading', text: t('quiz.mine-title') },
      { type: 'table', columns: ['#', t('quiz.question'), t('quiz.yours'), t('quiz.right'), t('quiz.verdict')], rows },
      ...when(byTopic.length > 0, () => ({
        type: 'buttons',
        items: byTopic.map((question) => noteButton(question, t('quiz.open-note-on', { topic: titleOf(question.topic) }))),
      })),
    ],
    { kind: 'info', answers: items.map(({ answer }) => answer) },
  );
}

function brief(text: string): string {
  const letters = [...text];
  return letters.length > 40 ? `${letters.slice(0, 39).join('')}…` : text;
}
