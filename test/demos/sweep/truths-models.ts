import { always, curve, read, type Said, says, saysShare, type Truth } from './truth.ts';

const root = ({ params }: Said) => Math.sqrt(params.dimension / params.samples);
/** Share of the runs of one kind that end at the best inertia. */
const found = (run: Said, kind: string) => curve(run, kind).y.filter((ratio) => ratio <= 1.001).length / curve(run, kind).y.length;

/** Sentences of the experiments on classical models. */
export const modelTruths: Record<string, readonly Truth[]> = {
  'svm-margin': [
    [
      /^The margin is (\S+) wide, and (\d+) of (\d+) points hold it$/,
      (run) => says(run.said[1], run.measures.margin) && curve(run, 'support').x.length === Number(run.said[2]),
    ],
    [
      /^(\d+) of \d+ points are support vectors; the margin 2\/‖w‖ is (\S+)\.$/,
      (run) => curve(run, 'support').x.length === Number(run.said[1]) && says(run.said[2], run.measures.margin),
    ],
    [
      /^Removing one of them changes w by (\S+) of its length(?:, removing another point by (\S+))?\.$/,
      ({ measures, said }) =>
        says(said[1], measures['change:support']) && (said[2] === undefined || says(said[2], measures['change:other'])),
    ],
    [
      /^Test error on the rings: (\S+) % with the RBF kernel, (\S+) % with the linear one\.$/,
      ({ measures, said }) => saysShare(said[1], measures['test:rbf']!) && saysShare(said[2], measures['test:linear']!),
    ],
    [/^The solution is a combination of the support vectors alone/, ({ measures }) => (measures['change:other'] ?? 0) < 1e-6],
    [
      /^Left: separable points with the margin, (\S+) wide, and (\d+) support vectors\.$/,
      ({ measures, said }) => says(said[1], measures.margin),
    ],
    [/^Right: two rings, with the RBF kernel’s boundary\.$/, always],
  ],
  'k-means': [
    [
      /^Best clusters found: by (\S+) % of k-means\+\+ starts, by (\S+) % of random ones$/,
      (run) => saysShare(run.said[1], found(run, 'plus')) && saysShare(run.said[2], found(run, 'random')),
    ],
    [
      /^On points without clusters the inertia falls with slope (\S+) over k \(theory −2\)/,
      (run) => says(run.said[1], run.measures.slope) && curve(run, 'inertia').y.every((v, i, all) => i === 0 || v < all[i - 1]!),
    ],
    [
      /^On nine clusters (\S+) % of \d+ random starts and (\S+) % of k-means\+\+ starts find the optimum; a k-means\+\+ start is (\S+) times the optimum on average\.$/,
      (run) =>
        saysShare(run.said[1], found(run, 'random')) &&
        saysShare(run.said[2], found(run, 'plus')) &&
        says(run.said[3], run.measures['start-ratio']),
    ],
    [/^Nine random points rarely fall into nine different clusters/, always],
    [
      /^Left: inertia over k on evenly spread points, from (\S+) at k = 1 to (\S+) at k = \d+\.$/,
      (run) => says(run.said[1], curve(run, 'inertia').y[0]) && says(run.said[2], curve(run, 'inertia').y.at(-1)),
    ],
    [
      /^Right: share of runs that find the optimum, (\S+) % from random starts and (\S+) % from k-means\+\+\.$/,
      (run) => saysShare(run.said[1], found(run, 'random')) && saysShare(run.said[2], found(run, 'plus')),
    ],
  ],
  'pca-spectrum': [
    [
      /^(\d+) of (\d+) eigenvalues lie above the edge that pure noise reaches$/,
      (run) =>
        curve(run, 'spectrum').y.filter((v) => v > (1 + root(run)) ** 2).length === Number(run.said[1]) &&
        curve(run, 'spectrum').y.length === Number(run.said[2]),
    ],
    [
      /^True variance → eigenvalue: (.*); pure noise of variance 1 spreads up to (\S+)\.$/,
      (run) =>
        run.said[1]!.split(', ').every((part, i) => says(part.split(' → ')[1], curve(run, 'spectrum').y[i])) &&
        says(run.said[2], run.measures['largest-noise']),
    ],
    [
      /^The found directions have cos² to the true ones, measured \(theory\): (.*)\.$/,
      (run) => run.said[1]!.split(', ').every((part, i) => says(/: (\S+) \(/.exec(part)![1], curve(run, 'found').y[i])),
    ],
    [
      /^Variances up to 1 \+ √\(p\/n\) = (\S+) cannot be told from noise\.$/,
      (run) => says(run.said[1], 1 + root(run)) && run.params.spikes.some((spike: number) => spike <= 1 + root(run)),
    ],
    [/^Among many directions some have a large variance by chance/, always],
    [
      /^Left: eigenvalues in falling order, with the edges of pure noise at (\S+) and (\S+); the largest is (\S+)\.$/,
      (run) => says(run.said[2], (1 + root(run)) ** 2) && says(run.said[3], Math.max(...curve(run, 'spectrum').y)),
    ],
    [/^Right: cos² of found and true directions, measured and in theory\.$/, always],
  ],
  'em-mixture': [
    [
      /^Modes \S+ apart: the means scatter by (\S+), a naive standard error says (\S+)$/,
      ({ measures, params, said }) => says(said[1], measures.scatter) && says(said[2], Math.sqrt(2 / params.points)),
    ],
    [
      /^The log-likelihood (never fell|fell by at most \S+ per point); the first fit took (\d+) steps and put the means at (\S+) and (\S+) \(true: 0 and \S+\)\.$/,
      ({ measures, said }) =>
        (said[1] !== 'never fell' || measures['largest-fall'] === 0) &&
        Math.abs(read(said[3]!) - measures['mean:left']!) < 0.01 &&
        says(said[4], measures['mean:right']),
    ],
    [
      /^Over \d+ data sets the means scatter by (\S+); the Fisher information says (\S+), σ\/√\(n\/2\) says (\S+): it forgets that the memberships are guessed too\.$/,
      ({ measures, said }) => says(said[1], measures.scatter) && says(said[2], measures.fisher) && measures.fisher! > measures.naive!,
    ],
    [/^Where the modes overlap, a point’s membership is uncertain/, ({ measures }) => measures.fisher! > measures.naive!],
    [
      /^Left: how far the log-likelihood per point is below its end over (\d+) steps of EM\.$/,
      ({ measures, said }) => Number(said[1]) === measures.steps,
    ],
    [
      /^Right: scatter of the means (\S+), Fisher standard error (\S+), naive one (\S+)\.$/,
      ({ measures, said }) => says(said[1], measures.scatter) && says(said[2], measures.fisher),
    ],
  ],
  'tree-noise': [
    [
      /^A full tree errs in (\S+) of new cases, leaves of (\d+) or more in (\S+)$/,
      (run) => says(run.said[1], curve(run, 'test').y[0]) && says(run.said[3], Math.min(...curve(run, 'test').y)),
    ],
    [
      /^The full tree has training error (\S+) and test error (\S+) \(theory 2p\(1 − p\) = (\S+)\): it is wrong where/,
      (run) =>
        says(run.said[1], curve(run, 'train').y[0]) &&
        says(run.said[2], curve(run, 'test').y[0]) &&
        says(run.said[3], 2 * run.params.noise * (1 - run.params.noise)),
    ],
    [
      /^Against clean labels it errs in (\S+); leaves of at least 81 points have test error (\S+), and nothing can do better than p = (\S+) on average\.$/,
      (run) =>
        says(run.said[1], curve(run, 'clean').y[0]) &&
        says(run.said[2], curve(run, 'test').y.at(-1)) &&
        says(run.said[3], run.params.noise),
    ],
    [/^A full tree repeats the label of the nearest training point/, ({ measures }) => measures['train:1'] === 0],
    [
      /^Errors over the smallest leaf size: test from (\S+) at 1 to (\S+) at 81 points\.$/,
      (run) => says(run.said[1], curve(run, 'test').y[0]) && says(run.said[2], curve(run, 'test').y.at(-1)),
    ],
  ],
  'forest-oob': [
    [
      /^(?:Out-of-bag error (\S+), test error (\S+); training error (\S+) says nothing|Over \d+ data sets: training error (\S+), out-of-bag (\S+), test (\S+)\.)$/,
      (run) => {
        const [, a, b, c, d, e, f] = run.said;
        const average = (name: string) => curve(run, name).y.reduce((sum, v) => sum + v, 0) / curve(run, name).y.length;
        return says(a ?? e, average('oob')) && says(b ?? f, average('test')) && says(c ?? d, average('train'));
      },
    ],
    [
      /^A bootstrap sample of 100 points leaves out (\S+) of them \(theory \(1 − 1\/n\)ⁿ = 0\.366\), so each point is judged by about a third/,
      (run) => says(run.said[1], curve(run, 'share').y.at(-1)) && Math.abs(curve(run, 'share').y.at(-1)! - 0.366) < 0.03,
    ],
    [/^For the trees that have not drawn it a training point is a new point/, always],
    [
      /^Left: errors of random forests over \d+ data sets: training (\S+), out-of-bag (\S+), test (\S+)\.$/,
      ({ measures, said }) => says(said[2], measures.oob) && says(said[3], measures.test),
    ],
    [
      /^Right: share of points that a bootstrap sample of n leaves out, (\S+) at n = 100\.$/,
      (run) => says(run.said[1], curve(run, 'share').y.at(-1)),
    ],
  ],
  'knn-distances': [
    [
      /^1000 dimensions: the farthest of (\d+) points is only (\S+) times as far as the nearest$/,
      (run) => says(run.said[2], 1 + curve(run, 'contrast').y.at(-1)!) && curve(run, 'contrast').y.at(-1)! < 0.5,
    ],
    [
      /^From 10 to 1000 dimensions the mean distance goes from (\S+) to (\S+) \(√\(d\/6\) = 12\.9 at 1000\), its standard deviation from (\S+) to (\S+) \(limit √\(7\/120\) = 0\.242\)\.$/,
      (run) =>
        says(run.said[1], curve(run, 'mean').y[2]) &&
        says(run.said[2], curve(run, 'mean').y[4]) &&
        says(run.said[3], curve(run, 'spread').y[2]) &&
        says(run.said[4], curve(run, 'spread').y[4]),
    ],
    [
      /^So all neighbours come to lie almost equally far: .* is (\S+) at 10, (\S+) at 100 and (\S+) at 1000 dimensions\.$/,
      (run) =>
        [2, 3, 4].every((i) => says(run.said[i - 1], curve(run, 'contrast').y[i])) &&
        curve(run, 'contrast').y[4]! < curve(run, 'contrast').y[2]!,
    ],
    [/^The squared distance is a sum of d terms/, always],
    [
      /^Left: mean and standard deviation of the distance over the dimension; the mean is (\S+) at 1000, the deviation (\S+)\.$/,
      (run) => says(run.said[1], curve(run, 'mean').y[4]) && says(run.said[2], curve(run, 'spread').y[4]),
    ],
    [
      /^Right: contrast, from (\S+) in 2 to (\S+) in 1000 dimensions\.$/,
      (run) => says(run.said[1], curve(run, 'contrast').y[1]) && says(run.said[2], curve(run, 'contrast').y[4]),
    ],
  ],
  'logistic-separable': [
    [
      /^Separable data: ‖w‖ keeps growing, by (\S+) for every factor e of time$/,
      (run) =>
        says(run.said[1], run.measures['slope-times-margin']! / run.params.margin) &&
        curve(run, 'norm').y.every((v, i, all) => i === 0 || v >= all[i - 1]!),
    ],
    [
      /^Over the last decade of \d+ steps ‖w‖ grows by (\S+) per unit of ln t \(theory 1\/γ = (\S+)\), and loss · t · γ² is (\S+) \(theory 1\)\.$/,
      (run) =>
        says(run.said[1], run.measures['slope-times-margin']! / run.params.margin) &&
        says(run.said[2], 1 / run.params.margin) &&
        says(run.said[3], curve(run, 'loss').y.at(-1)! * run.params.steps * run.params.margin ** 2),
    ],
    [
      /^The direction is still (\S+)° from the largest margin, after (\S+)° at a tenth of the steps: it turns only as fast as 1\/ln t\.$/,
      ({ measures, said }) => says(said[1], measures['angle:end']) && says(said[2], measures['angle:tenth']),
    ],
    [
      /^Every larger multiple of a separating w has a smaller loss/,
      (run) => curve(run, 'loss').y.every((v, i, all) => i === 0 || v <= all[i - 1]!),
    ],
    [
      /^Left: norm of the weights over the steps \(log scale\), (\S+) at the end\.$/,
      (run) => says(run.said[1], curve(run, 'norm').y.at(-1)),
    ],
    [/^Right: the loss, (\S+) at the end\.$/, (run) => says(run.said[1], curve(run, 'loss').y.at(-1))],
  ],
};
