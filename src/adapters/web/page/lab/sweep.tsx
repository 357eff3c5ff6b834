// One parameter over a small range: the same curve for each value, and what was measured over the values.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartSpec, Line, LinesChart, SinglePanel } from '../../../../charts/spec.ts';
import { tooHeavy } from '../../../../demos/afford.ts';
import type { Demo } from '../../../../demos/demo.ts';
import { num as written } from '../../../../demos/lib/format.ts';
import type { Param } from '../../../../demos/params.ts';
import { locale, t } from '../lib/session.ts';
import type { SweepPlan } from './address.ts';
import { Failed, type Job } from './engine.ts';
import { ChartFigure } from './result.tsx';
import { runSomewhere } from './run.ts';
import { type Shown, shownOf } from './shown.ts';
import type { LabState } from './use-lab.ts';

const COUNT = 5;
type Numeric = Extract<Param, { type: 'integer' | 'number' }>;

/** The parameters that can be swept: those with one number. */
export function sweepable({ params }: Demo): [string, Numeric][] {
  return Object.entries(params).filter((entry): entry is [string, Numeric] => entry[1].type === 'integer' || entry[1].type === 'number');
}

/** Values from one end to the other, evenly or, on a logarithmic scale, by the same factor; each once. */
export function valuesOf(param: Numeric, { from, to, count }: SweepPlan): number[] {
  const log = param.scale === 'log' && from > 0 && to > 0;
  const at = (share: number) => (log ? from * (to / from) ** share : from + (to - from) * share);
  const fitted = Array.from({ length: count }, (_, i) => at(i / (count - 1))).map((x) =>
    param.type === 'integer' ? Math.round(x) : Number(x.toPrecision(3)),
  );
  return [...new Set(fitted)].filter((x) => x >= param.min && x <= param.max);
}

/** A range around the value that is set. */
function around(param: Numeric, value: number): Pick<SweepPlan, 'from' | 'to'> {
  const { min, max } = param;
  const [low, high] = param.scale === 'log' ? [value / 4, value * 4] : [value - Math.max(2, value / 2), value + Math.max(2, value / 2)];
  const inRange = (x: number) => Math.min(max, Math.max(min, param.type === 'integer' ? Math.round(x) : Number(x.toPrecision(2))));
  return { from: inRange(low), to: inRange(high) };
}

export function Sweep({ demo, lab }: { demo: Demo; lab: LabState }) {
  const able = sweepable(demo);
  const planned = lab.setting.sweep;
  const start = (name: string): SweepPlan => ({
    param: name,
    ...around(demo.params[name] as Numeric, Number(lab.setting.values[name])),
    count: COUNT,
  });
  const [plan, setPlan] = useState<SweepPlan>(() => planned ?? start(able[0]?.[0] ?? ''));
  const [runs, setRuns] = useState<{ value: number; shown: Shown }[]>([]);
  const [said, setSaid] = useState('');
  const [picked, setPicked] = useState<{ line: number; measure?: string }>({ line: 0 });
  const abort = useRef<AbortController | undefined>(undefined);
  // Another experiment does not wait for it.
  useEffect(() => () => abort.current?.abort(), []);
  if (able.length === 0) return null;
  const param = demo.params[plan.param] as Numeric;
  const values = valuesOf(param, plan);
  const jobOf = (value: number): Job => ({
    demo: demo.name,
    params: { ...lab.setting.values, [plan.param]: value } as Job['params'],
    seed: lab.setting.seed,
  });
  const heavy = values.find((value) => tooHeavy(demo, jobOf(value).params));
  const run = async () => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    lab.plan(plan);
    setRuns([]);
    const found: typeof runs = [];
    try {
      for (const [i, value] of values.entries()) {
        setSaid(t('lab.sweeping', { value: written(value), number: i + 1, count: values.length }));
        const job = jobOf(value);
        const ran = await runSomewhere(lab.engine, job, () => undefined, own.signal);
        found.push({ value, shown: shownOf(job, ran) });
        setRuns([...found]);
      }
      setSaid(t('lab.swept', { count: found.length }));
    } catch (error) {
      setSaid(own.signal.aborted ? t('lab.cancelled') : error instanceof Failed ? t('lab.failed', { reason: error.message }) : t('failed'));
    }
    if (abort.current === own) abort.current = undefined;
  };
  const lines = runs[0] ? linesOf(runs[0].shown.spec) : [];
  const measures = Object.keys(runs[0]?.shown.outcome.measures ?? {}).filter((key) =>
    runs.every(({ shown }) => key in shown.outcome.measures),
  );
  const measure =
    picked.measure !== undefined && measures.includes(picked.measure)
      ? picked.measure
      : (runs[0]?.shown.checks.find(({ id }) => measures.includes(id))?.id ?? measures[0]);
  const spec = runs.length > 0 ? family(demo, plan, runs, picked.line, measure) : undefined;
  const field = (end: 'from' | 'to' | 'count', low: number, high: number) => (
    <label>
      {t(`lab.sweep-${end}`)}{' '}
      <input
        type="number"
        id={`sweep-${end}`}
        min={low}
        max={high}
        step={end === 'count' || param.type === 'integer' ? 1 : 'any'}
        value={plan[end]}
        onChange={(event) => setPlan({ ...plan, [end]: Math.min(high, Math.max(low, Number(event.currentTarget.value))) })}
      />
    </label>
  );
  return (
    <details class="sweep panel card" id="sweep" open={planned !== undefined}>
      <summary>{t('lab.sweep')}</summary>
      <p class="note">{t('lab.sweep-help')}</p>
      <div class="row-of-fields">
        <label>
          {t('lab.sweep-param')}{' '}
          <select id="sweep-param" value={plan.param} onChange={(event) => setPlan(start(event.currentTarget.value))}>
            {able.map(([name, one]) => (
              <option key={name} value={name}>
                {one.description[locale] ?? one.description.en}
              </option>
            ))}
          </select>
        </label>
        {field('from', param.min, param.max)}
        {field('to', param.min, param.max)}
        {field('count', 2, 7)}
        <button type="button" id="sweep-run" class="primary" disabled={heavy !== undefined || values.length < 2} onClick={run}>
          {t('lab.sweep-run')}
        </button>
        <button type="button" disabled={!abort.current} onClick={() => abort.current?.abort()}>
          {t('cancel')}
        </button>
      </div>
      <p class="note" role="status" id="sweep-said">
        {heavy === undefined ? said : t('lab.sweep-heavy', { value: written(heavy) })}
      </p>
      {spec && (
        <>
          <div class="row-of-fields">
            {lines.length > 1 && (
              <label>
                {t('lab.sweep-curve')}{' '}
                <select value={picked.line} onChange={(event) => setPicked({ ...picked, line: Number(event.currentTarget.value) })}>
                  {lines.map(({ name }, i) => (
                    <option key={i} value={i}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
            )}
            {measures.length > 1 && (
              <label>
                {t('measure')}{' '}
                <select value={measure} onChange={(event) => setPicked({ ...picked, measure: event.currentTarget.value })}>
                  {measures.map((key) => (
                    <option key={key} value={key}>
                      {runs[0]!.shown.numbers.names?.[key] ?? key}
                    </option>
                  ))}
                </select>
              </label>
            )}
          </div>
          <ChartFigure spec={spec} />
        </>
      )}
    </details>
  );
}

interface PlacedLine extends Line {
  panel: LinesChart;
}

/** The measured curves of all panels with lines. */
function linesOf(spec: ChartSpec): PlacedLine[] {
  const panels: readonly SinglePanel[] = spec.type === 'multiples' ? spec.panels : [spec];
  return panels.flatMap((panel) =>
    panel.type === 'lines' ? panel.lines.filter(({ dashed }) => !dashed).map((line) => ({ ...line, panel })) : [],
  );
}

function family(
  demo: Demo,
  { param: name }: SweepPlan,
  runs: { value: number; shown: Shown }[],
  picked: number,
  measure: string | undefined,
): ChartSpec {
  const param = demo.params[name] as Numeric;
  const said = param.description[locale] ?? param.description.en;
  const curves = runs.flatMap(({ value, shown }) => {
    const line = linesOf(shown.spec)[picked];
    return line ? [{ ...line, value }] : [];
  });
  const [first] = curves;
  const title = t('lab.sweep-title', { param: said, values: runs.map(({ value }) => written(value)).join(', ') });
  const panels: SinglePanel[] = [];
  if (first) {
    const { min: _x, max: _y, ...x } = first.panel.x;
    const { min: _a, max: _b, ...y } = first.panel.y;
    panels.push({
      type: 'lines',
      title: first.name,
      alt: title,
      x,
      y,
      lines: curves.map(({ value, x, y }, color) => ({ name: `${name} = ${written(value)}`, x, y, color })),
    });
  }
  if (measure !== undefined) {
    const named = runs[0]!.shown.numbers.names?.[measure] ?? measure;
    panels.push({
      type: 'lines',
      title: named,
      alt: runs.map(({ value, shown }) => `${written(value)}: ${shown.outcome.measures[measure]}`).join('; '),
      x: { label: said, ...(param.scale && { scale: param.scale }) },
      y: { label: '' },
      lines: [{ name: named, label: '', x: runs.map(({ value }) => value), y: runs.map(({ shown }) => shown.outcome.measures[measure]!) }],
    });
  }
  return { type: 'multiples', columns: 2, title, alt: title, panels };
}
