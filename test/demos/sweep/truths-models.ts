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
};
