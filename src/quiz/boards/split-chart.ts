import type { BarsChart } from '../../charts/spec.ts';
import type { Translate } from '../../core/i18n.ts';
import { rightPicks } from '../grade.ts';
import type { Graded } from '../state.ts';
import { LETTERS } from '../wording.ts';
import type { Shown } from './context.ts';
import { splitOf } from './reveal.ts';

/** How the votes fell; undefined where there are no choices, or nothing to compare. */
export function splitChart(
  { question, instance }: Shown,
  texts: readonly string[],
  results: readonly Graded[],
  t: Translate,
): BarsChart | undefined {
  const right = rightPicks(question, instance);
  if (!right || question.kind === 'ordering' || results.length === 0) return undefined;
  const votes = splitOf(texts.length, results);
  const bars = votes.map((count, i) => `${LETTERS[i]}: ${count}${right.includes(i) ? t('quiz.chart-right') : ''}`);
  return {
    type: 'bars',
    size: 'small',
    title: t('quiz.chart-title', { answered: results.length }),
    alt: `${t('quiz.chart-alt', { answered: results.length })} ${bars.join(t('quiz.comma'))}`,
    horizontal: true,
    x: { label: '', categories: texts.map((_, i) => (right.includes(i) ? `${LETTERS[i]} ✓` : LETTERS[i]!)) },
    y: { label: t('quiz.chart-votes'), min: 0 },
    groups: [{ name: t('quiz.chart-votes'), values: votes }],
    format: 'integer',
    highlight: right,
  };
}
