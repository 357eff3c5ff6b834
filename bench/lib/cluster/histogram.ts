import { at } from '../pressing.ts';

/** A line with quantiles, and a row of bars; milliseconds. */
export function histogram(name: string, values: readonly number[], bounds: readonly number[]): string {
  if (values.length === 0) return `${name}: nothing was measured`;
  const sorted = [...values].sort((a, b) => a - b);
  const quantiles = `p50 ${at(sorted, 0.5).toFixed(0)} ms, p99 ${at(sorted, 0.99).toFixed(0)} ms, longest ${at(sorted, 1).toFixed(0)} ms`;
  const edges = [...bounds, Number.POSITIVE_INFINITY];
  const counts = edges.map((edge, i) => sorted.filter((value) => value <= edge && (i === 0 || value > edges[i - 1]!)).length);
  const widest = Math.max(...counts);
  const lines = edges.map((edge, i) => {
    const label = edge === Number.POSITIVE_INFINITY ? `> ${bounds.at(-1)} ms` : `≤ ${edge} ms`;
    return `  ${label.padStart(10)} ${String(counts[i]).padStart(6)} ${'█'.repeat(Math.ceil((counts[i]! / widest) * 40))}`;
  });
  return [`${name} (${values.length}): ${quantiles}`, ...lines].join('\n');
}
