import type { Demos } from '../demos/service.ts';
import type { Services } from '../services.ts';
import type { Instance } from './grade.ts';
import { type LiveQuiz, questionAt } from './live.ts';
import type { Question } from './question.ts';
import type { QuizRepository } from './repository.ts';

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

export interface Preparation {
  /**
   * Sees to it that a question can be shown: a chart question's experiment is run before, so that the clock is fair.
   * What was found is stored first, so that a restart shows and grades the same.
   * @returns false when it cannot be. @throws UserError when the experiment fails.
   */
  ready(live: LiveQuiz, position: number): Promise<boolean>;
  /** The same in the background, while something else is on. */
  ahead(live: LiveQuiz, position: number): void;
}

export function createPreparation(deps: Pick<Services, 'ownNotes' | 'demos' | 'log'>, repository: QuizRepository): Preparation {
  const run = async (live: LiveQuiz, position: number): Promise<boolean> => {
    const found = questionAt(live, position, deps.ownNotes.of(live.stored.room).content().questions);
    if (!found) return false;
    const { question, instance } = found;
    if (question.kind !== 'chart' || instance.run) return true;
    const made = await runChartQuestion(deps.demos, question, instance.seed ?? 1, `quiz/${live.stored.id}`);
    if (!made) return false;
    await repository.setInstance(live.stored.id, position, { ...instance, run: made });
    live.stored.questions[position]!.instance = { ...instance, run: made };
    return true;
  };
  const ready: Preparation['ready'] = (live, position) => {
    const known = live.preparing.get(position);
    if (known) return known;
    const made = run(live, position);
    live.preparing.set(position, made);
    made.catch(() => live.preparing.delete(position));
    return made;
  };
  return {
    ready,
    ahead(live, position) {
      ready(live, position).catch((error: unknown) => deps.log.warn({ err: error }, 'an experiment failed; it is tried again'));
    },
  };
}
