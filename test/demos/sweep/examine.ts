import type { ChartSpec } from '../../../src/charts/spec.ts';
import { LOCALES, type Locale, localize } from '../../../src/core/locale.ts';
import { compare } from '../../../src/demos/checks.ts';
import { told } from '../../../src/demos/demo.ts';
import type { DemoRun } from '../../../src/demos/service.ts';
import { truths } from './truths.ts';

/** Where words of a run stand. */
const BROKEN = /NaN|Infinity|∞|undefined|null|\[object|–\s*%/;

/** Everything that is wrong with a run that came to its end: its numbers, its words, its predictions. */
export function faultsOf(run: DemoRun): string[] {
  const { demo, outcome, params } = run;
  const faults: string[] = [];
  for (const [key, value] of Object.entries(outcome.measures)) if (!Number.isFinite(value)) faults.push(`measure ${key} is ${value}`);
  for (const { name, x, y, low = [], high = [] } of outcome.series)
    if (![...x, ...y, ...low, ...high].every(Number.isFinite)) faults.push(`series ${name} holds what is no number`);
  for (const check of compare(outcome.checks, outcome.measures, 'en')) {
    if (![check.predicted, check.tolerance].every(Number.isFinite)) faults.push(`check ${check.id} predicts no number`);
    if (!check.ok) faults.push(`check ${check.id}: ${check.measured}, predicted ${check.predicted} ± ${check.tolerance}`);
  }
  const options = told(demo.predict.options, params).map(({ id }) => id);
  const right = demo.predict.outcome(outcome, params);
  if (!options.includes(right)) faults.push(`the vote comes out as ${right}, which is none of ${options.join(', ')}`);
  if (new Set(options).size < options.length) faults.push('two options of the vote are one');
  for (const locale of LOCALES) for (const text of wordsOf(run, locale)) if (BROKEN.test(text)) faults.push(`${locale}: ${text}`);
  return [...faults, ...untrue(run), ...unlike(run)];
}

/** What a reader may be told of a run, with every name and label of its chart. */
function wordsOf({ demo, outcome, params }: DemoRun, locale: Locale): string[] {
  return [
    ...toldOf(demo, outcome, params, locale),
    localize(told(demo.predict.question, params), locale),
    ...told(demo.predict.options, params).map(({ text }) => localize(text, locale)),
    ...outcome.checks.map(({ claim }) => localize(claim, locale)),
    ...labelsOf(demo.chart(outcome, params, locale)),
  ];
}

/** The sentences about what came out. */
function toldOf(
  { chart, reading, predict }: DemoRun['demo'],
  outcome: DemoRun['outcome'],
  params: DemoRun['params'],
  locale: Locale,
): string[] {
  const { title, alt } = chart(outcome, params, locale);
  return [title, alt, reading(outcome, params, locale), localize(told(predict.why, outcome, params), locale)];
}

function labelsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value as ChartSpec & object).flatMap(labelsOf);
}

/** English sentences, told apart: a full stop or a line's end, not the point in a number. */
export function sentencesOf({ demo, outcome, params }: DemoRun): string[] {
  return toldOf(demo, outcome, params, 'en')
    .flatMap((text) => text.split(/(?<=[.?!])\s+(?=[A-ZΑ-Ω“0-9≤])|\n/u))
    .filter(Boolean);
}

/** Sentences that nothing here knows, or that this run does not bear out. */
function untrue(run: DemoRun): string[] {
  const known = truths[run.demo.name] ?? [];
  return sentencesOf(run).flatMap((sentence) => {
    const about = known.filter(([pattern]) => pattern.test(sentence));
    if (about.length !== 1) return [`${about.length} guards know: ${sentence}`];
    const [[pattern, holds]] = about as [(typeof known)[number]];
    return holds({ ...run.outcome, params: run.params as never, said: pattern.exec(sentence)! }) ? [] : [`untrue: ${sentence}`];
  });
}

/** Numbers that one language has and the other lacks. */
function unlike({ demo, outcome, params }: DemoRun): string[] {
  const numbers = (locale: Locale) =>
    toldOf(demo, outcome, params, locale).map((text) => [...new Set(text.match(/\d+\.\d+|\d{2,}/g))].sort().join(' '));
  const [en, zh] = LOCALES.map(numbers) as [string[], string[]];
  return en.flatMap((text, i) => (text === zh[i] ? [] : [`numbers differ: ${text} | ${zh[i]}`]));
}
