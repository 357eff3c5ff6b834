// What a run shows: chart, reading, measured beside predicted. The experiment's own functions, in the page.
import type { ChartSpec } from '../../../../charts/spec.ts';
import { localize } from '../../../../core/locale.ts';
import type { Check } from '../../../../core/result.ts';
import { compare } from '../../../../demos/checks.ts';
import type { Demo, DemoCheck, Sofar } from '../../../../demos/demo.ts';
import { growingChart } from '../../../../demos/growing.ts';
import { nameOf } from '../../../../demos/lib/names.ts';
import { demos } from '../../../../experiments/index.ts';
import { locale, t } from '../lib/session.ts';
import type { DemoNumbers } from '../lib/wire.ts';
import type { Job, Ran } from './engine.ts';

export { demos };

export interface Shown extends Ran {
  job: Job;
  demo: Demo;
  spec: ChartSpec;
  reading: string[];
  /** Which runs diverge, in words. */
  diverged: string[];
  checks: Check[];
  numbers: DemoNumbers;
}

/** @param claims predictions of a note, told before the experiment's own */
export function shownOf(job: Job, ran: Ran, claims: readonly DemoCheck[] = []): Shown {
  const demo = demos.find(({ name }) => name === job.demo)!;
  const { outcome } = ran;
  const own = outcome.checks.filter(({ id }) => !claims.some((claim) => claim.id === id));
  return {
    ...ran,
    job,
    demo,
    spec: demo.chart(outcome, job.params, locale),
    reading: demo.reading(outcome, job.params, locale).split('\n'),
    diverged: (outcome.diverged ?? []).map(({ name, step }) =>
      t('lab.diverged', { name: typeof name === 'string' ? name : localize(name, locale), step }),
    ),
    checks: compare([...claims, ...own], outcome.measures, locale),
    numbers: {
      demo: demo.name,
      params: job.params as DemoNumbers['params'],
      seed: job.seed,
      series: outcome.series,
      measures: outcome.measures,
      names: Object.fromEntries(
        [...outcome.series.map(({ name }) => name), ...Object.keys(outcome.measures)].map((key) => [key, nameOf(demo, key, locale)]),
      ),
    },
  };
}

/** A run that is under way; `before` is the chart whose place it takes. */
export function growing({ demo: name, params }: Job, sofar: Sofar, before: Shown | undefined): ChartSpec {
  const demo = demos.find((one) => one.name === name)!;
  return growingChart(demo, params, sofar, t('lab.growing'), locale, before?.demo === demo ? before.spec : undefined);
}
