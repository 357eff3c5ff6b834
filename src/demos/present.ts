import type { Translate } from '../core/i18n.ts';
import { actionId, MAX_BUTTON_ID } from '../core/ids.ts';
import { type Locale, localize } from '../core/locale.ts';
import type { Block, Button, ImageBlock } from '../core/reply.ts';
import type { Check, DemoResult } from '../core/result.ts';
import type { Claim, Topic } from '../notes/content.ts';
import type { NotesView } from '../notes/service.ts';
import type { Services } from '../services.ts';
import { compare, predictionText } from './checks.ts';
import { type Demo, type DemoCheck, within } from './demo.ts';
import { num } from './lib/format.ts';
import { nameOf } from './lib/names.ts';
import { formatParams } from './params.ts';
import type { DemoRun } from './service.ts';

export interface PresentedRun {
  run: DemoRun;
  image: ImageBlock;
  checks: Check[];
  /** The home topic and the others that the notes hold. */
  topics: readonly Topic[];
}

/** A claim's prediction as a check. */
export function claimCheck(claim: Claim): DemoCheck {
  const prediction = claim.range ? within(...claim.range) : { predicted: claim.predicted ?? Number.NaN, tolerance: claim.tolerance ?? 0 };
  return { id: claim.measure, claim: claim.text, ...prediction };
}

/** A finished run with its picture and what theory and notes say to it; `claim` is the note's sentence that asked for it. */
export async function present(
  { demos, notes }: Pick<Services, 'demos'> & { notes: NotesView },
  run: DemoRun,
  locale: Locale,
  claim?: Claim,
): Promise<PresentedRun> {
  const predictions = [...(claim ? [claimCheck(claim)] : []), ...run.outcome.checks.filter(({ id }) => id !== claim?.measure)];
  return {
    run,
    image: await demos.draw(run, locale),
    checks: compare(predictions, run.outcome.measures, locale),
    topics: run.demo.topics.flatMap((id): Topic | Topic[] => notes.topic(id) ?? []),
  };
}

/** The chart, its reading, measured beside predicted, how to repeat it, and what to try next. */
export function demoBlocks(
  { run, image, checks, topics }: PresentedRun,
  locale: Locale,
  t: Translate,
  made: 'demos.made' | 'demos.made-cached' | 'demos.made-voted' = run.cached ? 'demos.made-cached' : 'demos.made',
): Block[] {
  const { demo, params, outcome } = run;
  const blocks: Block[] = [{ type: 'heading', text: localize(demo.title, locale) }, image];
  blocks.push({ type: 'markdown', text: demo.reading(outcome, params, locale) });
  for (const { name, step } of outcome.diverged ?? [])
    blocks.push({
      type: 'note',
      tone: 'warning',
      text: t('demos.diverged', { name: typeof name === 'string' ? name : localize(name, locale), step }),
    });
  if (checks.length > 0) blocks.push(checkTable(checks, t));
  else blocks.push({ type: 'note', text: t('demos.no-prediction') });
  blocks.push({
    type: 'note',
    text: `${repeatLine(run)}\n${t(made, { backend: run.backend, ms: run.ms })}`,
  });
  const notes = topics.slice(0, 1).map((topic) => noteButton(topic, t));
  blocks.push({ type: 'buttons', items: [...again(run, locale, t).slice(0, MOST_BUTTONS - notes.length), ...notes] });
  return blocks;
}

/** One row on every platform. */
const MOST_BUTTONS = 5;

/** The command that repeats this very run, with every parameter. */
export function repeatLine({ demo, params, seed }: DemoRun): string {
  return `/demo ${demo.name} ${formatParams(params)} seed:${seed}`.replace(/\s+/g, ' ');
}

/** The machine-readable outcome. */
export function demoResult({ run, image, checks }: PresentedRun, locale: Locale): DemoResult {
  const { demo, params, seed, backend, ms, cached, outcome } = run;
  return {
    kind: 'demo',
    demo: demo.name,
    params,
    seed,
    backend,
    ms,
    cached,
    series: outcome.series,
    measures: outcome.measures,
    names: Object.fromEntries(
      [...outcome.series.map(({ name }) => name), ...Object.keys(outcome.measures)].map((key) => [key, nameOf(demo, key, locale)]),
    ),
    checks,
    ...(outcome.diverged && {
      diverged: outcome.diverged.map(({ name, step }) => ({ name: typeof name === 'string' ? name : localize(name, locale), step })),
    }),
    image: image.name,
  };
}

/** What can be run, with what each shows. */
export function listBlocks(demos: readonly Demo[], locale: Locale, t: Translate): Block[] {
  return [
    { type: 'heading', text: t('demos.list-title') },
    {
      type: 'markdown',
      text: demos.map((demo) => `- \`/demo ${demo.name}\` ${localize(demo.summary, locale)}`).join('\n'),
    },
    ...chunk(
      demos.map(
        (demo): Button => ({
          id: actionId('demo', 'vary', demo.name, 'default'),
          label: localize(demo.title, locale),
        }),
      ),
    ),
  ];
}

function checkTable(checks: readonly Check[], t: Translate): Block {
  return {
    type: 'table',
    columns: [t('demos.claim'), t('demos.measured'), t('demos.theory'), t('demos.agrees')],
    rows: checks.map((check) => [
      check.claim,
      Number.isFinite(check.measured) ? num(check.measured, 4) : t('demos.not-measured'),
      predictionText(check),
      check.ok ? `✓ ${t('common.yes')}` : `✗ ${t('common.no')}`,
    ]),
  };
}

/** The same run with another seed, and with one change each. */
function again({ demo, params, seed }: DemoRun, locale: Locale, t: Translate): Button[] {
  const packed = formatParams(changed(demo, params)).replaceAll(' ', ';');
  const fits = (id: string) => `${id}~${packed}`.length <= MAX_BUTTON_ID;
  const variations = demo.variations.map(({ label }, i): Button => {
    const id = actionId('demo', 'vary', demo.name, String(i), String(seed));
    // Too many long parameters: the change is made to the defaults then.
    return { id: packed !== '' && fits(id) ? `${id}~${packed}` : id, label: localize(label, locale) };
  });
  // The command line above the buttons still repeats such a run.
  const fresh: Button[] = fits(`1~demo~fresh~${demo.name}`)
    ? [{ id: actionId('demo', 'fresh', demo.name, packed), label: t('demos.fresh-seed'), style: 'primary' }]
    : [];
  return [...fresh, ...variations];
}

/** Reads parameters that a button carries. */
export function unpackParams(packed: string | undefined): Record<string, string> {
  const pairs = (packed ?? '').split(';').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]));
}

/** The parameters that differ from their defaults. */
export function changed(demo: Demo, params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(demo.params[name]?.default)),
  );
}

function noteButton(topic: Topic, t: Translate): Button {
  return { id: actionId('explain', 'topic', topic.id), label: t('demos.read-note') };
}

function chunk(items: readonly Button[]): Block[] {
  return Array.from({ length: Math.ceil(items.length / 5) }, (_, i) => ({
    type: 'buttons',
    items: items.slice(i * 5, i * 5 + 5),
  }));
}
