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

/** The first index from which on no value is as small as the first one (what is no number counts as large), if there is one. */
export function worseFrom(values: readonly number[]): number | undefined {
  const lastGood = values.findLastIndex((value) => value <= values[0]!);
  return lastGood === values.length - 1 ? undefined : lastGood + 1;
}

/** Least-squares slope of y over its index. */
export function slope(y: readonly number[]): number {
  const [mx, my] = [(y.length - 1) / 2, mean(y)];
  const top = y.reduce((sum, value, i) => sum + (i - mx) * (value - my), 0);
  return top / y.reduce((sum, _, i) => sum + (i - mx) ** 2, 0);
}
