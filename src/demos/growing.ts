// A run that is under way, drawn by the experiment's own chart.
import type { Axis, ChartSpec, LinesChart, SinglePanel } from '../charts/spec.ts';
import type { Locale } from '../core/locale.ts';
import type { Demo, Sofar } from './demo.ts';
import { nameOf } from './lib/names.ts';
import type { AnyParams } from './params.ts';

/**
 * What a run has so far, as the finished run will draw it; as plain curves where its chart needs more than there is.
 * The finding is not known yet, so the chart is given a `title` that says nothing of it.
 * @param before a chart of the same experiment whose place this one takes: the axes hold what it showed, so that they stand still
 */
export function growingChart(demo: Demo, params: AnyParams, sofar: Sofar, title: string, locale: Locale, before?: ChartSpec): ChartSpec {
  const spec = drawn(demo, params, sofar, locale);
  const old = before ? panelsOf(before) : [];
  const panels = panelsOf(spec).map((panel, i) => steady(known(panel), old[i]));
  const { subtitle: _, ...rest } = spec;
  if (rest.type === 'multiples') return { ...rest, title, alt: title, panels };
  const { subtitle: __, ...only } = panels[0]!;
  return { ...only, title, alt: title };
}

function drawn(demo: Demo, params: AnyParams, { series, measures = {} }: Sofar, locale: Locale): ChartSpec {
  try {
    return demo.chart({ series: [...series], measures: { ...measures }, checks: [] }, params, locale);
  } catch {
    const lines = series.map((one) => ({ ...one, name: nameOf(demo, one.name, locale) }));
    return { type: 'lines', title: '', alt: '', x: { label: '' }, y: { label: '' }, lines } satisfies LinesChart;
  }
}

const panelsOf = (spec: ChartSpec): readonly SinglePanel[] => (spec.type === 'multiples' ? spec.panels : [spec]);

/** Without names and lines for what is not measured yet. */
function known(panel: SinglePanel): SinglePanel {
  if ('references' in panel && panel.references)
    return { ...panel, references: panel.references.filter(({ value }) => Number.isFinite(value)) };
  return panel;
}

function steady(panel: SinglePanel, before: SinglePanel | undefined): SinglePanel {
  if (panel.type !== 'lines' || before?.type !== 'lines') return panel;
  const hold = (axis: Axis, also: readonly number[]): Axis => ({ ...axis, also: also.filter(Number.isFinite) });
  return {
    ...panel,
    x: hold(
      panel.x,
      before.lines.flatMap(({ x }) => x),
    ),
    y: hold(
      panel.y,
      before.lines.flatMap(({ y, low = [], high = [] }) => [...y, ...low, ...high]),
    ),
  };
}
