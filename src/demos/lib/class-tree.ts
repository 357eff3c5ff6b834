import type { Rng } from '../random.ts';

export type ClassTree = { vote: number } | { feature: number; at: number; left: ClassTree; right: ClassTree };

export interface TreeOptions {
  /** Points that a leaf keeps at least. */
  leaf: number;
  /** Features that each split may choose from, drawn anew; all without it. */
  features?: number;
  rng?: Rng;
}

/** A classification tree (CART): the split of least Gini impurity until a node is pure or too small. Labels are 0 and 1. */
export function growTree(x: readonly Float64Array[], y: ArrayLike<number>, rows: readonly number[], options: TreeOptions): ClassTree {
  const ones = rows.reduce((sum, i) => sum + y[i]!, 0);
  const vote = ones * 2 > rows.length ? 1 : 0;
  if (ones === 0 || ones === rows.length || rows.length < 2 * options.leaf) return { vote };
  const dimension = x[0]!.length;
  const { features = dimension, rng } = options;
  const tried = features < dimension && rng ? rng.permutation(dimension) : Array.from({ length: dimension }, (_, j) => j);
  let best: { impurity: number; feature: number; at: number; cut: number; order: number[] } | undefined;
  for (const feature of tried.slice(0, features)) {
    const order = [...rows].sort((a, b) => x[a]![feature]! - x[b]![feature]!);
    let left = 0;
    for (let i = 1; i < order.length; i++) {
      left += y[order[i - 1]!]!;
      const [low, high] = [x[order[i - 1]!]![feature]!, x[order[i]!]![feature]!];
      if (i < options.leaf || order.length - i < options.leaf || low === high) continue;
      const right = ones - left;
      const impurity = (left * (i - left)) / i + (right * (order.length - i - right)) / (order.length - i);
      if (!best || impurity < best.impurity) best = { impurity, feature, at: (low + high) / 2, cut: i, order };
    }
  }
  if (!best) return { vote };
  const { feature, at, cut, order } = best;
  return { feature, at, left: growTree(x, y, order.slice(0, cut), options), right: growTree(x, y, order.slice(cut), options) };
}

export function voteOf(tree: ClassTree, x: ArrayLike<number>): number {
  let node = tree;
  while (!('vote' in node)) node = x[node.feature]! < node.at ? node.left : node.right;
  return node.vote;
}
