// The enlarged chart with the numbers behind it, as tables and as files.
import { render } from 'preact';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { t } from '../lib/session.ts';
import { num, Table } from '../lib/ui.tsx';
import type { DemoNumbers, ImageBlock } from '../lib/wire.ts';
import { savePng } from './chart-png.ts';
import { ChartView } from './chart-view.tsx';
import { measureRows, offerCsv, seriesRows } from './files.ts';

/** What can be enlarged: a picture, or a chart that the page draws. */
export type Enlarged = { name: string; alt: string } & ({ spec: ChartSpec } | Pick<ImageBlock, 'url' | 'width' | 'height'>);

/** Shows a chart in full width; for an experiment its series, measures and checks below. */
export function showChart(chart: Enlarged, demo?: DemoNumbers): void {
  const dialog = document.createElement('dialog');
  dialog.id = 'chart';
  dialog.setAttribute('aria-label', t('chart'));
  dialog.onclose = () => {
    render(null, dialog);
    dialog.remove();
  };
  // A click beside the sheet closes it.
  dialog.onclick = (event) => event.target === dialog && dialog.close();
  document.body.append(dialog);
  dialog.showModal();
  render(<Sheet chart={chart} demo={demo} />, dialog);
  dialog.querySelector<HTMLButtonElement>('.primary')?.focus();
}

function Sheet({ chart, demo }: { chart: Enlarged; demo: DemoNumbers | undefined }) {
  const file = demo && `${demo.demo}-seed${demo.seed}`;
  return (
    <>
      <form method="dialog" class="bar">
        {'spec' in chart ? (
          <button type="button" onClick={() => savePng(chart.spec, chart.name)}>
            {t('save')}
          </button>
        ) : (
          <a class="button" href={chart.url} download={chart.name}>
            {t('save')}
          </a>
        )}
        {demo && (
          <>
            <button type="button" onClick={() => offerCsv(`${file}.csv`, seriesRows(demo.series))}>
              {t('csv-series')}
            </button>
            <button type="button" onClick={() => offerCsv(`${file}-measures.csv`, measureRows(demo.measures))}>
              {t('csv-measures')}
            </button>
          </>
        )}
        <button type="submit" class="primary">
          {t('close')}
        </button>
      </form>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="sheet" tabIndex={0} aria-label={t('chart')}>
        {'spec' in chart ? (
          <ChartView spec={chart.spec} />
        ) : (
          <img src={chart.url} alt={chart.alt} width={chart.width} height={chart.height} />
        )}
        {demo ? <Numbers demo={demo} /> : <p class="note">{chart.alt}</p>}
      </section>
    </>
  );
}

function Numbers({ demo: { series, measures, names = {} } }: { demo: DemoNumbers }) {
  const named = (name: string) => names[name] ?? name;
  return (
    <>
      {byAxis(series).map(({ x, lines }) => {
        const title = lines.length === 1 ? named(lines[0]!.name) : t('series');
        const columns = ['x', ...lines.flatMap(({ name, low }) => (low ? [named(name), t('low'), t('high')] : [named(name)]))];
        const rows = x.map((value, i) => [
          num(value),
          ...lines.flatMap(({ y, low, high }) => (low ? [num(y[i]), num(low[i]), num(high?.[i])] : [num(y[i])])),
        ]);
        return <Section key={lines[0]!.name} title={title} columns={columns} rows={rows} />;
      })}
      <Section
        title={t('measures')}
        columns={[t('measure'), t('value')]}
        rows={Object.entries(measures).map(([name, value]) => [named(name), num(value)])}
      />
    </>
  );
}

function Section({ title, columns, rows }: { title: string; columns: string[]; rows: string[][] }) {
  return (
    <section>
      <h3>{title}</h3>
      <Table columns={columns} rows={rows} label={title} tall />
    </section>
  );
}

/** Lines over the same x values share a table. */
function byAxis(series: DemoNumbers['series']): { x: number[]; lines: DemoNumbers['series'] }[] {
  const groups = new Map<string, { x: number[]; lines: DemoNumbers['series'] }>();
  for (const line of series) {
    const key = line.x.join();
    groups.set(key, { x: line.x, lines: [...(groups.get(key)?.lines ?? []), line] });
  }
  return [...groups.values()];
}
