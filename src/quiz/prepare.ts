import type { Demos } from '../demos/service.ts';
import type { Instance } from './grade.ts';
import type { Question } from './question.ts';

type ChartQuestion = Extract<Question, { kind: 'chart' }>;

/**
 * Runs a chart question's experiment; the right answer comes from the run.
 * @returns undefined when the run does not decide the answer (a measure is missing or no number).
 * @throws UserError when the experiment fails or the queue is full.
 */
export async function runChartQuestion(demos: Demos, question: ChartQuestion, seed: number, owner: string): Promise<Instance['run']> {
  const { outcome, params } = await demos.run(question.demo, question.params, seed, { owner });
  const measured = (measure: string | undefined) => outcome.measures[measure ?? ''] ?? Number.NaN;
  const values = question.choices?.map(({ measure }) => measured(measure)) ?? [measured(question.measure)];
  if (!values.every(Number.isFinite)) return undefined;
  if (!question.choices) return { seed, params, key: values[0]! };
  const best = question.pick === 'smallest' ? Math.min(...values) : Math.max(...values);
  return { seed, params, key: values.indexOf(best) };
}
