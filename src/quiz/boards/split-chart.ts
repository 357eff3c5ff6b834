import type { BarsChart } from '../../charts/spec.ts';
import type { Translate } from '../../core/i18n.ts';
import { rightPicks } from '../grade.ts';
import type { QuizState } from '../state.ts';
import { LETTERS } from '../wording.ts';
import type { Shown } from './context.ts';
import { splitOf } from './reveal.ts';

/** How the votes fell; undefined where there are no choices, or nothing to compare. */
export function splitChart(
  { question, instance }: Shown,
  texts: readonly string[],
  answers: QuizState['answers'],
  t: Translate,
): BarsChart | undefined {
  const right = rightPicks(question, instance);
  if (!right || question.kind === 'ordering' || answers.size === 0) return undefined;
  const votes = splitOf(texts.length, answers);
  const bars = votes.map((count, i) => `${LETTERS[i]}: ${count}${right.includes(i) ? ` (${t('quiz.chart-right')})` : ''}`);
  return {
    type: 'bars',
    size: 'small',
    title: t('quiz.chart-title', { answered: answers.size }),
    alt: `${t('quiz.chart-alt', { answered: answers.size })} ${bars.join(', ')}`,
    horizontal: true,
    x: { label: '', categories: texts.map((_, i) => (right.includes(i) ? `${LETTERS[i]} ✓` : LETTERS[i]!)) },
    y: { label: t('quiz.chart-votes'), min: 0 },
    groups: [{ name: t('quiz.chart-votes'), values: votes }],
    format: 'integer',
    highlight: right,
  };
}
