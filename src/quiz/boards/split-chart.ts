import type { BarsChart } from '../../charts/spec.ts';
import type { Translate } from '../../core/i18n.ts';
import { rightPicks } from '../grade.ts';
import type { Graded } from '../state.ts';
import { LETTERS } from '../wording.ts';
import type { Shown } from './context.ts';
import { alone, splitOf } from './reveal.ts';

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
  const first = alone(results);
  const before = first.length > 0 ? splitOf(texts.length, first) : undefined;
  const bars = votes.map(
    (count, i) => `${LETTERS[i]}: ${before ? `${before[i]} → ` : ''}${count}${right.includes(i) ? t('quiz.chart-right') : ''}`,
  );
  return {
    type: 'bars',
    size: 'small',
    title: t('quiz.chart-title', { answered: results.length }),
    alt: `${t('quiz.chart-alt', { answered: results.length })} ${bars.join(t('quiz.comma'))}`,
    horizontal: true,
    x: { label: '', categories: texts.map((_, i) => (right.includes(i) ? `${LETTERS[i]} ✓` : LETTERS[i]!)) },
    y: { label: t('quiz.chart-votes'), min: 0 },
    groups: before
      ? [
          { name: t('quiz.chart-first'), values: before },
          { name: t('quiz.chart-second'), values: votes },
        ]
      : [{ name: t('quiz.chart-votes'), values: votes }],
    format: 'integer',
    // Two groups are told apart by their colours; the right letters are ticked.
    ...(!before && { highlight: right }),
  };
}
