import { renderChart } from './render.ts';
import type { ChartSpec, RenderedChart } from './spec.ts';

/** Runs in a worker thread, since drawing blocks. */
export default function draw(spec: ChartSpec): Promise<RenderedChart> {
  return renderChart(spec);
}
