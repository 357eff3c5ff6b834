/** Geometric mean of positive numbers. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** `rows[i][j]` → per column j: the geometric mean with the smallest and largest value. */
export function geometricBand(rows: readonly number[][]): { y: number[]; low: number[]; high: number[] } {
  return band(rows, geometricMean);
}

/** `rows[i][j]` → per column j: the mean with the smallest and largest value. */
export function meanBand(rows: readonly number[][]): { y: number[]; low: number[]; high: number[] } {
  return band(rows, mean);
}

function band(rows: readonly number[][], centre: (values: number[]) => number) {
  const columns = (rows[0] ?? []).map((_, j) => rows.map((row) => row[j]!));
  return {
    y: columns.map(centre),
    low: columns.map((c) => Math.min(...c)),
    high: columns.map((c) => Math.max(...c)),
  };
}

/** Least-squares slope of log y over log x. */
export function slopeOfLogs(x: readonly number[], y: readonly number[]): number {
  const [lx, ly] = [x.map(Math.log), y.map(Math.log)];
  const [mx, my] = [mean(lx), mean(ly)];
  const top = lx.reduce((sum, value, i) => sum + (value - mx) * (ly[i]! - my), 0);
  return top / lx.reduce((sum, value) => sum + (value - mx) ** 2, 0);
}
