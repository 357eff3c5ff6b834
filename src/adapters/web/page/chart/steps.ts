// The steps of a run: where its panels go on with time, and the picture as it was at one of them.
import type { ChartSpec, SinglePanel } from '../../../../charts/spec.ts';

const panelsOf = (spec: ChartSpec): readonly SinglePanel[] => (spec.type === 'multiples' ? spec.panels : [spec]);

/** Whether time goes on along its x axis. */
export function isTimed(panel: SinglePanel): boolean {
  return panel.type === 'lines' && panel.x.time === true;
}

/** Every step that a run shows, in order; empty where a chart has no time. */
export function stepsOf(spec: ChartSpec): number[] {
  const all = panelsOf(spec).flatMap((panel) => {
    if (panel.type === 'lines' && panel.x.time) return panel.lines.flatMap(({ x }) => x);
    return panel.type === 'contour' && panel.steps ? panel.paths.flatMap(({ x }) => x.map((_, i) => i)) : [];
  });
  return [...new Set(all)].sort((a, b) => a - b);
}

/** Paths over level lines as far as they had come by a step. */
export function atStep(panel: SinglePanel, step: number | undefined): SinglePanel {
  if (step === undefined || panel.type !== 'contour' || !panel.steps) return panel;
  return { ...panel, paths: panel.paths.map((path) => ({ ...path, x: path.x.slice(0, step + 1), y: path.y.slice(0, step + 1) })) };
}
