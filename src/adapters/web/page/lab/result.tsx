// What came out: the chart with its steps, the reading, measured beside predicted, and where it was computed.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { predictionText } from '../../../../demos/checks.ts';
import { num as written } from '../../../../demos/lib/format.ts';
import { ChartView } from '../chart/chart-view.tsx';
import { t } from '../lib/session.ts';
import { Table } from '../lib/ui.tsx';
import { Player } from './player.tsx';
import type { Shown } from './shown.ts';

/** A chart that can be enlarged, saved and played. */
export function ChartFigure({ spec, shown, running = false }: { spec: ChartSpec; shown?: Shown | undefined; running?: boolean }) {
  const [step, setStep] = useState<number>();
  const name = shown ? `${shown.demo.name}-seed${shown.job.seed}.png` : 'chart.png';
  const enlarge = async () => (await import('../chart/chart-dialog.tsx')).showChart({ spec, name, alt: spec.alt }, shown?.numbers);
  const save = async () => (await import('../chart/chart-png.ts')).savePng(spec, name);
  return (
    <figure class="drawn">
      <ChartView spec={spec} step={step} />
      {!running && (
        <figcaption>
          <Player spec={spec} step={step} onStep={setStep} />
          <span class="tools">
            <button type="button" class="link" onClick={enlarge}>
              {t('numbers')}
            </button>
            <button type="button" class="link" onClick={save}>
              {t('save')}
            </button>
          </span>
        </figcaption>
      )}
    </figure>
  );
}

/** The words and numbers of a run. */
export function Reading({ shown }: { shown: Shown }) {
  return (
    <>
      {shown.reading.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {shown.diverged.map((line) => (
        <p key={line} class="note warning">
          {line}
        </p>
      ))}
      <Checks shown={shown} />
      <p class="note where">{whereOf(shown)}</p>
    </>
  );
}

function Checks({ shown: { checks } }: { shown: Shown }) {
  if (checks.length === 0) return <p class="note">{t('lab.no-prediction')}</p>;
  const rows = checks.map(({ claim, measured, ok, ...check }) => [
    claim,
    Number.isFinite(measured) ? written(measured, 4) : t('lab.not-measured'),
    predictionText(check),
    ok ? `✓ ${t('lab.yes')}` : `✗ ${t('lab.no')}`,
  ]);
  return <Table columns={['claim', 'measured', 'theory', 'agrees'].map((key) => t(`lab.${key}`))} rows={rows} />;
}

/** In which computer a run was made, and how long that took. */
export function whereOf({ where, backend, ms }: Pick<Shown, 'where' | 'backend' | 'ms'>): string {
  return t(`lab.made-${where}`, { backend, ms: Math.max(1, Math.round(ms)) });
}

export function Card({ title, action, children }: { title: string; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="panel card" aria-label={title}>
      <div class="title">
        <h2>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
