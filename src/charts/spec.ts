/** The chart vocabulary. All text is already in the reader's language; `configure.ts` turns a spec into what Chart.js draws. */
export interface Axis {
  /** With its unit or symbol, e.g. `layer` or `‖δ‖ (log scale)`. */
  label: string;
  scale?: 'linear' | 'log';
  min?: number;
  max?: number;
  /** Distance of the ticks of a linear axis where another than the usual one is read easily, e.g. 90 for degrees. */
  step?: number;
  /** Training goes on along it: the page can play the run along this axis. */
  time?: boolean;
  /** Values that have room on it although nothing is drawn there. */
  also?: readonly number[];
  /** Names of the positions 0, 1, 2 … where the axis shows categories. */
  categories?: string[];
}

interface ChartBase {
  /** States the finding: "Sigmoid loses 77 % of the gradient per layer". */
  title: string;
  subtitle?: string;
  /** What the picture shows, with its numbers; becomes the image's alt text. */
  alt: string;
  /** Half the area, for what is a remark rather than a result. */
  size?: 'small';
}

/** A value drawn as a thin dashed line. */
export interface Reference {
  axis: 'x' | 'y';
  value: number;
  label: string;
  /** The name says what was measured, so a question about the chart leaves it out. */
  measured?: boolean;
  /** Writes a y value's name below its line, an x value's at the bottom of the plot, where data lie in the way. */
  below?: boolean;
}

export interface Line {
  name: string;
  x: number[];
  y: number[];
  /** Band, e.g. min and max over seeds. */
  low?: number[];
  high?: number[];
  /** Index into the palette; lines that belong together share it. */
  color?: number;
  dashed?: boolean;
  /** Points instead of a line. */
  points?: boolean;
  /** Shown at the line's end in place of the name. */
  label?: string;
}

export interface LinesChart extends ChartBase {
  type: 'lines';
  x: Axis;
  y: Axis;
  lines: Line[];
  /** A unit is as long on both axes. */
  equal?: boolean;
  /** Reference values drawn as thin dashed lines. */
  references?: Reference[];
}

export interface ScatterChart extends ChartBase {
  type: 'scatter';
  x: Axis;
  y: Axis;
  groups: { name: string; x: number[]; y: number[]; color?: number }[];
  /** A unit is as long on both axes. */
  equal?: boolean;
  /** Draws y = x. */
  identity?: boolean;
  references?: Reference[];
}

export interface BarsChart extends ChartBase {
  type: 'bars';
  x: Axis & { categories: string[] };
  y: Axis;
  groups: { name: string; values: number[]; color?: number; low?: number[]; high?: number[] }[];
  horizontal?: boolean;
  /** Written at each bar's end; defaults to the number. */
  format?: 'number' | 'percent' | 'integer';
  /** Indices of the bars to stand out, e.g. the right answers. */
  highlight?: readonly number[];
  references?: Reference[];
}

export interface HistogramChart extends ChartBase {
  type: 'histogram';
  x: Axis;
  y: Axis;
  /** `edges` has one more entry than `counts`. */
  groups: { name: string; edges: number[]; counts: number[]; color?: number }[];
  references?: Reference[];
}

export interface HeatMapChart extends ChartBase {
  type: 'heatmap';
  x: Axis & { categories: string[] };
  y: Axis & { categories: string[] };
  /** values[row][column]; null is drawn as "diverged". */
  values: (number | null)[][];
  format?: 'number' | 'percent';
  /** What the colours mean. */
  scaleLabel: string;
  scale?: 'linear' | 'log';
  /** The values that the ends of the colours stand for, where several maps share them; else the map's own extremes. */
  range?: [low: number, high: number];
  /** For cells too small for their numbers, which are left out then. The colours are explained by a key either way. */
  fine?: boolean;
  /** Cells are square: rows and columns are places. */
  square?: boolean;
}

export interface ContourChart extends ChartBase {
  type: 'contour';
  /** A unit is as long on both axes, so that angles and right angles are what they are. */
  equal?: boolean;
  x: Axis;
  y: Axis;
  /** values[row][column] over the evenly spaced grid from min to max of the axes. */
  grid: { xs: number[]; ys: number[]; values: number[][] };
  levels: number[];
  /** The points of the paths are the steps of a run, from 0. */
  steps?: boolean;
  /** `points` draws no line: a mark at each point, filled or as a ring round it. */
  paths: { name: string; x: number[]; y: number[]; color?: number; points?: 'filled' | 'ring' }[];
  arrows?: { x: number; y: number; dx: number; dy: number; label?: string; color?: number }[];
}

export interface SmallMultiples extends ChartBase {
  type: 'multiples';
  columns: number;
  panels: SinglePanel[];
}

export type SinglePanel = LinesChart | ScatterChart | BarsChart | HistogramChart | HeatMapChart | ContourChart;
export type ChartSpec = SinglePanel | SmallMultiples;

/** A chart for a question about it: its title and the names at its lines do not say what was measured. */
export function asQuestion(spec: ChartSpec, title: string): ChartSpec {
  return spec.type === 'multiples' ? { ...spec, title, panels: spec.panels.map((panel) => unread(panel)) } : unread({ ...spec, title });
}

function unread<P extends SinglePanel>(panel: P): P {
  return {
    ...panel,
    ...('lines' in panel && { lines: panel.lines.map(({ label: _, ...line }) => line) }),
    ...('references' in panel && { references: panel.references?.map((one) => (one.measured ? { ...one, label: '' } : one)) }),
  };
}

export interface RenderedChart {
  png: Uint8Array;
  width: number;
  height: number;
}
