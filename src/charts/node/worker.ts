import type { ChartSpec, RenderedChart } from '../spec.ts';
import { loadFonts, renderChart } from './render.ts';

/** Runs in a worker thread, since drawing blocks. Without a chart it only loads the fonts. */
export default async function draw(spec: ChartSpec | null): Promise<RenderedChart | undefined> {
  if (spec) return renderChart(spec);
  loadFonts();
  return undefined;
}
