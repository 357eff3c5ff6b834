import { expect, it } from 'vitest';
import { findDemos } from '../../src/demos/find.ts';
import { demos } from '../../src/experiments/index.ts';

const names = (found: readonly { name: string }[]) => found.map(({ name }) => name);

it.each([
  ['gradient-norms', ['gradient-norms']],
  ['gradient norms', ['gradient-norms']],
  ['Gradient norm by layer', ['gradient-norms']],
  ['norms', ['gradient-norms']],
  ['饱和', ['saturation']],
  ['逐层梯度范数', ['gradient-norms']],
  ['dropout', ['dropout-ridge']],
  // Words of several titles.
  ['梯度', ['gradient-norms', 'batch-noise', 'boosting-residuals', 'half-precision']],
  ['残差', ['residual-depth', 'boosting-residuals']],
  // No title, but what it is about.
  ['momentum', ['gradient-descent']],
])('finds an experiment by its words: %s', (typed, expected) => {
  expect(names(findDemos(demos, typed).matches)).toEqual(expected);
});

it.each([
  ['gradent-norms', 'gradient-norms'],
  ['saturatoin', 'saturation'],
])('knows a slip: %s', (typed, meant) => {
  const { matches, near, slip } = findDemos(demos, typed);
  expect(matches).toEqual([]);
  expect(slip?.name).toBe(meant);
  expect(near[0]!.name).toBe(meant);
});

it.each(['nosuchdemo', '🙂', '!!', '批大小'])('offers experiments where nothing fits: %s', (typed) => {
  const { matches, near, slip } = findDemos(demos, typed);
  expect(matches).toEqual([]);
  expect(slip).toBeUndefined();
  expect(near).toHaveLength(3);
  if (typed === '批大小') expect(near[0]!.name).toBe('batch-noise');
});
