import type { Chart } from 'chart.js';

/** A rectangle that a text takes, in pixels. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Points of what is drawn, in pixels, each with the dataset that it belongs to. */
export interface Mark {
  x: number;
  y: number;
  dataset: number;
}

/** Pixels between two points at which a line is looked at. */
const STEP = 6;

/** What stands in the plot: points, and points along the lines between them. Hidden datasets do not. */
export function marksOf(chart: Chart): Mark[] {
  return chart.data.datasets.flatMap((set, dataset) => {
    // The edges of a band are no lines.
    if (
      !chart.isDatasetVisible(dataset) ||
      ((set as { borderWidth?: number; showLine?: boolean }).borderWidth === 0 && set.label === undefined)
    )
      return [];
    if ((chart.config as { type?: string }).type === 'bar') return barMarks(chart, dataset);
    const joined = (set as { showLine?: boolean }).showLine !== false && (chart.config as { type?: string }).type !== 'scatter';
    const points = chart.getDatasetMeta(dataset).data.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
    return points.flatMap(({ x, y }, i): Mark[] => {
      const next = points[i + 1];
      if (!joined || !next) return [{ x, y, dataset }];
      const parts = Math.max(1, Math.ceil(Math.hypot(next.x - x, next.y - y) / STEP));
      return Array.from({ length: parts }, (_, k) => ({
        x: x + ((next.x - x) * k) / parts,
        y: y + ((next.y - y) * k) / parts,
        dataset,
      }));
    });
  });
}

/** Each bar and the number above it. */
function barMarks(chart: Chart, dataset: number): Mark[] {
  return chart.getDatasetMeta(dataset).data.flatMap((bar) => {
    const { x, y, width, base } = bar as unknown as { x: number; y: number; width: number; base: number };
    const down = Array.from({ length: Math.max(0, Math.ceil((base - y) / 8)) }, (_, i) => y + 8 * i);
    return [-0.5, -0.25, 0, 0.25, 0.5].flatMap((at) => [...down, y - 7, y - 14].map((top) => ({ x: x + at * width, y: top, dataset })));
  });
}

export function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

/** How many marks lie in a box, a little room around it included. */
export function covered(box: Box, marks: readonly Mark[], room = 2): number {
  return marks.filter(({ x, y }) => x > box.left - room && x < box.right + room && y > box.top - room && y < box.bottom + room).length;
}

/** The candidate in the way of least: other texts first, then the marks; among equals the first. */
export function freest<B extends Box>(candidates: readonly B[], marks: readonly Mark[], taken: readonly Box[]): B | undefined {
  let best: { box: B; cost: number } | undefined;
  for (const box of candidates) {
    const cost = 1000 * taken.filter((other) => overlaps(box, other)).length + covered(box, marks);
    if (!best || cost < best.cost) best = { box, cost };
    if (cost === 0) break;
  }
  return best?.box;
}
