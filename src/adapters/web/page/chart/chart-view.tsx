// A chart in the page: the same description and the same code as the PNG, in the page's colours and at its size.
import type { Chart } from 'chart.js';
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { NamedSeries } from '../../../../charts/configure.ts';
import type { Frame } from '../../../../charts/frame.ts';
import type { ChartSpec, SinglePanel } from '../../../../charts/spec.ts';
import { DARK, LIGHT, type Theme } from '../../../../charts/theme.ts';
import { t } from '../lib/session.ts';
import { useWidth } from '../lib/use-width.ts';
import { drawPanel, FONT, measure } from './draw.ts';
import { Projecting } from './projected.ts';
import { atStep, isTimed } from './steps.ts';

interface Props {
  spec: ChartSpec;
  /** The step that a run is stopped at. */
  step?: number | undefined;
}

export function ChartView({ spec, step }: Props) {
  const theme = useTheme();
  const panels = spec.type === 'multiples' ? spec.panels : [spec];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class="chart" role="group" aria-label={spec.title}>
      <p class="chart-title">{spec.title}</p>
      {spec.subtitle && <p class="chart-subtitle">{spec.subtitle}</p>}
      <div class={panels.length > 1 ? 'panels several' : 'panels'}>
        {panels.map((panel, i) => (
          <Panel key={i} spec={panel} theme={theme} step={step} titled={spec.type === 'multiples'} alt={i === 0 ? spec.alt : panel.title} />
        ))}
      </div>
    </div>
  );
}

interface PanelProps {
  spec: SinglePanel;
  theme: Theme;
  step: number | undefined;
  titled: boolean;
  alt: string;
}

/** One canvas, with its names as buttons that hide and show what they stand for. */
function Panel({ spec, theme, step, titled, alt }: PanelProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart>(undefined);
  const width = useWidth(box);
  const { letters, height: highest } = useContext(Projecting) ?? {};
  const [names, setNames] = useState<NamedSeries[]>([]);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  useLayoutEffect(() => {
    if (!canvas.current || width === 0) return;
    chart.current?.destroy();
    const height = highest === undefined ? heightOf(spec, width) : Math.round(Math.min(highest, 0.85 * width));
    Object.assign(canvas.current.style, { width: `${width}px`, height: `${height}px` });
    Object.assign(canvas.current, { width, height });
    const frame: Frame = { width, height, theme, font: FONT, measure, page: true, ...(letters && { letters }) };
    const drawn = drawPanel(canvas.current, atStep(spec, step), frame, hidden, isTimed(spec) ? step : undefined);
    chart.current = drawn.chart;
    setNames(drawn.names);
  }, [spec, theme, width, hidden, step, letters, highest]);
  useEffect(() => () => chart.current?.destroy(), []);
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  return (
    <div class="chart-panel">
      {titled && <p class="panel-title">{spec.title}</p>}
      {names.length > 1 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
        <div class="legend" role="group" aria-label={t('chart-names')}>
          {names.map((one, i) => (
            <button
              key={i}
              type="button"
              class="name"
              aria-pressed={hidden.has(one.name) ? 'false' : 'true'}
              onClick={() => toggle(one.name)}
            >
              <svg width="18" height="10" aria-hidden="true">
                <line x1="0" y1="5" x2="18" y2="5" stroke={one.color} stroke-width="3" stroke-dasharray={one.dashed ? '4 3' : undefined} />
              </svg>
              {one.name}
            </button>
          ))}
        </div>
      )}
      <div ref={box} class="canvas-box">
        <canvas ref={canvas} role="img" aria-label={alt || spec.title} />
      </div>
    </div>
  );
}

/** As tall as the picture in chats relative to its width; maps and plots with equal units nearly square. */
function heightOf(spec: SinglePanel, width: number): number {
  const square = ('equal' in spec && spec.equal) || (spec.type === 'heatmap' && spec.square);
  const rows = spec.type === 'bars' && spec.horizontal ? 34 * spec.x.categories.length + 70 : 0;
  return Math.round(Math.max(rows, Math.min(square ? 480 : 400, Math.max(width < 480 ? 200 : 230, width * (square ? 0.85 : 0.6)))));
}

/** The page's cards are whiter than the picture that stands on any background. */
const CARD: Theme = { ...LIGHT, background: '#FFFFFF' };

/** The page's theme; on paper always the light one. */
function useTheme(): Theme {
  const now = () => (document.documentElement.dataset.theme === 'dark' && !matchMedia('print').matches ? DARK : CARD);
  const [theme, setTheme] = useState<Theme>(now);
  useEffect(() => {
    const look = () => setTheme(now());
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const paper = matchMedia('print');
    paper.addEventListener('change', look);
    return () => {
      observer.disconnect();
      paper.removeEventListener('change', look);
    };
  }, []);
  return theme;
}
