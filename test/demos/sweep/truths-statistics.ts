import { always, curve, read, type Said, says, type Truth } from './truth.ts';

const single = (run: Said) => Math.abs(run.measures['reverse:mean']!) >= 0.01;
/** Where a drawn density is largest. */
const peak = (run: Said, name: string) => curve(run, name).x[curve(run, name).y.indexOf(Math.max(...curve(run, name).y))]!;

/** Sentences of the experiments on statistics. */
export const statisticsTruths: Record<string, readonly Truth[]> = {
  'kl-directions': [
    [
      /^Modes at ±\S+: KL\(p‖q\) covers both, KL\(q‖p\) picks one$/,
      (run) => single(run) && Math.abs(Math.abs(peak(run, 'reverse')) - run.params.distance) < 0.6,
    ],
    [/^Modes at ±\S+: both directions of KL cover the two modes$/, (run) => !single(run) && Math.abs(peak(run, 'reverse')) < 0.1],
    [
      /^KL\(p‖q\) is least where q has the mean and variance of p: from \d+ draws, variance (\S+) \(theory 1 \+ m² = (\S+)\)\.$/,
      ({ measures, params, said }) => says(said[1], measures['forward:variance']) && says(said[2], 1 + params.distance ** 2),
    ],
    [
      /^KL\(q‖p\) is least for a q in the middle, with standard deviation (\S+) \(divergence (\S+)\): close modes are covered\.$/,
      (run) => !single(run) && says(run.said[1], run.measures['reverse:sd']),
    ],
    [
      /^KL\(q‖p\) is least for a q at one mode: mean ±(\S+), standard deviation (\S+), divergence (\S+) \(ln 2 = 0\.693 when the modes are far apart\)\.$/,
      (run) => single(run) && says(run.said[1], run.measures['reverse:mean']) && says(run.said[3], run.measures['reverse:kl']),
    ],
    [
      /^KL\(q‖p\) punishes q where p is small, .* below m = 2\.8 covering both costs less\.$/,
      (run) => curve(run, 'centre').y.every((y, i) => curve(run, 'centre').x[i]! >= 2.8 || y < 0.01),
    ],
    [
      /^Left: p and the two fitted normals; KL\(p‖q\) gives variance (\S+), KL\(q‖p\) mean ±(\S+)\.$/,
      ({ measures, said }) => says(said[1], measures['forward:variance']) && Math.abs(read(said[2]!) - measures['reverse:mean']!) < 0.01,
    ],
    [/^Right: centre of the best q by KL\(q‖p\) over m\.$/, always],
  ],
  'mle-variance': [
    [/^n = (\d+): divided by n the variance comes out at (\S+) on average$/, ({ measures, said }) => says(said[2], measures['mean:n'])],
    [
      /^Mean of the estimate with divisors n, n − 1, n \+ 1: (\S+), (\S+), (\S+) \(theory for n: \(n − 1\)\/n = (\S+)\); mean squared error: (\S+), (\S+), (\S+)\.$/,
      ({ measures, params, said }) =>
        ['n', 'n−1', 'n+1'].every((d, i) => says(said[i + 1], measures[`mean:${d}`]) && says(said[i + 5], measures[`mse:${d}`])) &&
        says(said[4], 1 - 1 / params.size),
    ],
    [
      /^The unbiased variance has no unbiased root: its square root is (\S+) on average, not 1\.$/,
      ({ measures, said }) => says(said[1], measures['mean-deviation']) && measures['mean-deviation']! < 1,
    ],
    [
      /^A larger divisor adds bias but takes away variance; for normal data the balance of the two is best at n \+ 1, and the unbiased divisor is the worst of the three\.$/,
      ({ measures }) => measures['mse:n+1']! < measures['mse:n']! && measures['mse:n']! < measures['mse:n−1']!,
    ],
    [/^Left: histogram of the estimate with divisor n, mean (\S+)\.$/, ({ measures, said }) => says(said[1], measures['mean:n'])],
    [
      /^Right: mean and mean squared error of the three divisors; the least error is (\S+), with (\S+)\.$/,
      ({ measures, said }) =>
        says(said[1], Math.min(...['n', 'n−1', 'n+1'].map((d) => measures[`mse:${d}`]!))) && says(said[1], measures[`mse:${said[2]}`]),
    ],
  ],
};
