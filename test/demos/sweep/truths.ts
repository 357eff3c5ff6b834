import type { Outcome } from '../../../src/demos/demo.ts';
import { always, read, type Said, says, type Truth } from './truth.ts';
import { evaluationTruths } from './truths-evaluation.ts';
import { languageTruths } from './truths-language.ts';
import { modelTruths } from './truths-models.ts';
import { networkTruths } from './truths-networks.ts';
import { sequenceTruths } from './truths-sequences.ts';
import { statisticsTruths } from './truths-statistics.ts';
import { trainingTruths } from './truths-training.ts';
import { visionTruths } from './truths-vision.ts';

const least = (values: readonly number[]) => Math.min(...values);
const most = (values: readonly number[]) => Math.max(...values);
const series = ({ series: all }: Outcome, name: string) => all.find((one) => one.name === name)!;

/** For every sentence that an experiment can say of a run: when it is true, decided by the numbers and not by the code that says it. */
export const truths: Record<string, readonly Truth[]> = {
  ...evaluationTruths,
  ...languageTruths,
  ...modelTruths,
  ...networkTruths,
  ...sequenceTruths,
  ...statisticsTruths,
  ...trainingTruths,
  ...visionTruths,
  'bagging-variance': [
    [/^Correlation ρ = (\S+) sets a floor/, ({ measures, said }) => says(said[1], measures.correlation) && measures.floor! > 0],
    [
      /^One tree has variance (\S+); (\d+) of them (\S+), where the formula says (\S+)\.$/,
      (run) =>
        says(run.said[1], run.series[0]!.y[0]) && says(run.said[3], run.series[0]!.y.at(-1)) && says(run.said[4], run.series[1]!.y.at(-1)),
    ],
    [/^The trees are trained separately, but their predictions correlate/, ({ measures }) => measures.correlation! > 0],
    [/^The trees are correlated, and averaging cannot remove what they share\.$/, ({ measures }) => measures.correlation! > 0],
    [/^Variance over the number of trees: .* the formula tends to ρσ² = (\S+)\.$/, ({ measures, said }) => says(said[1], measures.floor)],
  ],
  'batch-noise': [
    [
      /^The variance falls as 1\/B \(slope (\S+)\)$/,
      ({ measures, said }) => says(said[1], measures.slope) && Math.abs(measures.slope! + 1) < 0.1,
    ],
    [/^In these draws the slope of the variance is (\S+) \(theory −1\)$/, ({ measures, said }) => says(said[1], measures.slope)],
    [
      /^From B = (\d+) to B = (\d+) the variance goes from (\S+) to (\S+); the slope is (\S+)\.$/,
      ({ series: [all], measures, said }) => says(said[3], all!.y[0]) && says(said[4], all!.y.at(-1)) && says(said[5], measures.slope),
    ],
    [/^Drawn without replacement it falls faster near the full batch, where the sampling noise is exactly zero\.$/, always],
    [/^The variance of a mean of B independent terms is 1\/B of one term’s\.$/, always],
    [/^Mean squared distance of the batch gradient from the full gradient: /, always],
  ],
  'batchnorm-statistics': [
    [
      /^After 100 steps the running mean has covered (\S+) %$/,
      ({ measures, said }) => Math.abs(read(said[1]!) / 100 - measures['running-mean:100']!) < 0.006,
    ],
    [/^1 − (\S+)\^100 = (\S+); measured (\S+)\.$/, ({ params, said }) => Math.abs(read(said[2]!) - (1 - params.momentum ** 100)) < 1e-3],
    [/^With momentum \S+ the running mean has covered .*, in training mode with 0\.$/, always],
    [
      /^Scaling the weights before the layer leaves the loss alone and divides the gradient \(within (\S+)\); a batch of one gives exactly β\.$/,
      ({ measures, params }) =>
        measures['batch-of-one'] === 0 &&
        params.scales.every(
          (scale: number) =>
            Math.abs(measures[`loss-change:${scale}`]!) < 1e-3 && Math.abs(measures[`gradient-scaling:${scale}`]! - 1) < 1e-2,
        ),
    ],
    [/^(Left: running mean|Right: mean output for the same batch)/, always],
  ],
  'boosting-residuals': [
    [
      /^Only squared error makes the gradient the residual$/,
      ({ measures }) =>
        measures['gradient-gap:squared']! < 1e-12 && measures['gradient-gap:absolute']! > 0.01 && measures['gradient-gap:huber']! > 0.01,
    ],
    [/^Training \/ test error after \d+ rounds: /, always],
    [
      /^With squared error and leaf means h, each round changes .* \(off by at most (\S+)\)\.$/,
      ({ measures }) => measures['identity-error']! < 1e-12,
    ],
    [
      /^For squared error the negative gradient is the residual; for absolute error it is (\S+) away on average, and /,
      ({ measures, said }) => says(said[1], measures['gradient-gap:absolute']),
    ],
    [
      /^Each round lowers it by ν\(2 − ν\)·mean\(h²\): positive for every 0 < ν < 2/,
      ({ measures, params }) => params.rates.every((rate: number) => rate === 2 || measures[`monotone:${rate}`] === (rate < 2 ? 1 : 0)),
    ],
    [/^(Left: error by boosting round|Right: negative gradient over residual)/, always],
  ],
  'dropout-ridge': [
    [
      /^Dropout finds the weights of a ridge penalty, within (\S+) %$/,
      ({ measures, params }) => params.rates.every((p: number) => measures[`error:${p}`]! < 0.05),
    ],
    [
      /^The dropout weights are up to (\S+) % from the ridge weights here$/,
      ({ measures, params, said }) => says(said[1], 100 * most(params.rates.map((p: number) => measures[`error:${p}`]!))),
    ],
    [
      /^The more is dropped, the smaller the weights/,
      ({ measures, params }) => {
        const norms = [0, ...params.rates.toSorted((a: number, b: number) => a - b)].map((p: number) => measures[`norm:${p}`]!);
        return norms.every((norm, i) => i === 0 || norm < norms[i - 1]!);
      },
    ],
    [/^Norm of the weights, from no dropout to the largest rate: /, always],
    [/^In expectation the dropped inputs add the penalty/, always],
    [/^Relative distance( between dropout’s weights and the ridge formula)?: p = /, always],
    [/^Weights found with dropout against ridge weights, with the identity line\.$/, always],
  ],
  'equal-epochs': [
    [
      /^(?:Each at its own learning rate, all batch sizes end|At its best learning rate B = \d+ ends) within (\S+) % of the floor$/,
      ({ measures, params, said }) =>
        most(params.batches.map((b: number) => measures[`tuned-ratio:${b}`]!)) <= 1 + read(said[1]!) / 100 + 1e-9,
    ],
    [
      /^Each at its best rate, B = (\d+) ends at (\S+) times the floor, B = (\d+) at (\S+)$/,
      ({ measures, params, said }) =>
        says(said[2], most(params.batches.map((b: number) => measures[`tuned-ratio:${b}`]!))) &&
        says(said[4], least(params.batches.map((b: number) => measures[`tuned-ratio:${b}`]!))),
    ],
    [
      /^At the best rate the error is (\S+) times the least possible$/,
      ({ measures, params, said }) => says(said[1], most(params.batches.map((b: number) => measures[`tuned-ratio:${b}`]!))),
    ],
    [
      /^Error after \d+ epochs? of SGD over the least possible \((\S+)\), each batch size at the best rate for it: /,
      ({ measures, said }) => says(said[1], measures.least),
    ],
    [
      /^Rate times updates is much the same for all \((\S+)–(\S+)\)\.$/,
      ({ measures, params }) => {
        const products = params.batches.map((b: number) => measures[`tuned-rate:${b}`]! * measures[`updates:${b}`]!);
        return most(products) <= 2.001 * least(products);
      },
    ],
    [
      /^All at η = (\S+): (.*)\.$/,
      (run) =>
        run.said[2]!.split(/; (?=B = )/).every((clause) => {
          const batch = Number(/^B = (\d+)/.exec(clause)![1]);
          const valley = series(run, `tuned:${batch}`);
          const best = valley.x[valley.y.indexOf(least(valley.y))]!;
          const ratio = run.measures[`ratio:${batch}`]! / least(valley.y);
          if (clause.includes('as good as its best')) return ratio <= 1.0501;
          // Too few steps: as many at a larger rate end lower. Too large: as many at a smaller one do.
          return clause.includes('too few steps') ? ratio > 1.05 && best > run.params.rate : ratio > 1.05 && best <= run.params.rate;
        }),
    ],
    [
      /^A larger batch makes fewer updates, but its gradient is less noisy/,
      ({ measures, params }) => {
        const ratios = params.batches.map((b: number) => measures[`tuned-ratio:${b}`]!);
        return most(ratios) <= 1.0101 * least(ratios);
      },
    ],
    [
      /^At its best rate B = (\d+) still ends (\S+) times as high as B = (\d+): so few epochs do not suffice for it\.$/,
      ({ measures, said }) => says(said[2], measures[`tuned-ratio:${said[1]}`]! / measures[`tuned-ratio:${said[3]}`]!),
    ],
    [/^(Left: mean squared error over that of least squares|Right: mean squared error by epoch)/, always],
  ],
  'gradient-descent': [
    [
      /^(η = (\S+)) diverges; the limit is 2(\(1 \+ β\))?\/κ = (\S+)$/,
      (run) => {
        const sizes = series(run, `norm:${run.said[2]}`).y;
        return Number(run.said[2]) >= ((2 * (1 + run.params.momentum)) / run.params.curvature) * (1 - 1e-9) && sizes.at(-1)! > sizes[0]!;
      },
    ],
    [
      /^The best of these rates multiplies the error by (\S+) per step$/,
      ({ measures, params, said }) => says(said[1], least(params.rates.map((rate: number) => measures[`contraction:${rate}`]!))),
    ],
    [
      /^No constant rate can do better than \(κ − 1\)\/\(κ \+ 1\) = (\S+), at η = (\S+); above (\S+) it diverges\.$/,
      ({ measures, params, said }) =>
        // No run beats it once the steep direction, which may die faster, is gone.
        params.momentum === 0 &&
        least(params.rates.map((rate: number) => measures[`contraction:${rate}`]!)) > (read(said[1]!) - 1e-3) * 0.9,
    ],
    [
      /^Without momentum the best possible factor is (\S+); with it, rates below .* converge, and where every direction oscillates the factor is √β = (\S+)\.$/,
      ({ params, said }) => params.momentum > 0 && says(said[2], Math.sqrt(params.momentum)),
    ],
    [/^Factor by which the error changes per step: /, always],
    [/^A step multiplies the error by: /, always],
    [
      /^Beyond 2(\(1 \+ β\))?\/κ = (\S+) that is more than one in the steep direction\.$/,
      ({ params, said }) => says(said[2], (2 * (1 + params.momentum)) / params.curvature),
    ],
    [/^(Left: the paths from|Right: distance from the minimum|Factor per step: )/, always],
  ],
  'gradient-direction': [
    [/^Steepest at (\S+)°, with slope (\S+)$/, ({ measures, said }) => says(said[2], measures['peak-height']) && measures.norm! > 1e-3],
    [/^The gradient is zero: level in every direction$/, ({ measures }) => measures['peak-height']! < 2e-3],
    [
      /^Here the gradient is zero, so to first order nothing changes in any direction\.$/,
      ({ measures }) => measures['peak-height']! < 2e-3,
    ],
    [/^Such a point is stationary: a minimum here/, ({ params }) => Math.hypot(params.x, params.y) < 1e-3],
    [/^Of all directions, (\S+)° climbs fastest, at (\S+) per unit of length\.$/, (run) => says(run.said[2], most(series(run, 'slope').y))],
    [
      /^The gradient \((\S+), (\S+)\) points there, and its norm is (\S+)\.$/,
      ({ measures, params }) => {
        const off = Math.abs(((Math.atan2(6 * params.y, 2 * params.x) * 180) / Math.PI - measures['peak-angle']! + 540) % 360) - 180;
        return Math.abs(off) < 1;
      },
    ],
    [
      /^The partial derivatives are 2x and 6y, so the gradient there is \((\S+), (\S+)\)\.$/,
      ({ params, said }) => says(said[1], 2 * params.x) && says(said[2], 6 * params.y),
    ],
    [/^(Left: level lines of f|Right: (the )?slope)/, always],
  ],
  saturation: [
    [/^Below ½: with squared error (.+), with cross-entropy (.+)$/, stepsHold],
    [/^Starting at \S+, the neuron gets below ½ with squared error (.+), with cross-entropy (.+)\.$/, stepsHold],
    [/^The output starts (at \S+, already below ½\.|below ½ already)$/, ({ series: [mse] }) => mse!.y[0]! < 0.5],
    [/^With cross-entropy the factor σ′ cancels\.$/, always],
    [/^Saturated units( by spread of the pre-activations)?: /, always],
    [
      /^The slope of the sigmoid is 0\.25 at 0 and below (\S+) beyond ±(\S+)\.$/,
      ({ measures, params, said }) => says(said[1], params.threshold) && Math.abs(measures['slope:0']! - 0.25) < 1e-4,
    ],
    [/^Output of a neuron that should be 0, over the steps\.$/, always],
    [
      /^The gradient of squared error carries the factor σ′, which is tiny where the neuron is saturated; with cross-entropy it cancels\.$/,
      always,
    ],
  ],
  'sgd-floor': [
    [
      /^Constant rates hover at η\/\(2 − η\); 1\/t ends lowest$/,
      ({ measures, params }) =>
        params.rates.every((rate: number) => {
          const floor = measures[`floor:${rate}`]!;
          return Math.abs(floor / (rate / (2 - rate)) - 1) < 0.2 && floor > measures['floor:decay']!;
        }),
    ],
    [
      /^η = (\S+) ends lowest in this run: x² is (\S+) on average$/,
      ({ measures, params, said }) => says(said[2], least([...params.rates, 'decay'].map((name) => measures[`floor:${name}`]!))),
    ],
    [/^Mean of x² over the second half, measured \(theory once it has settled\): /, always],
    [/^In theory, for small rates, half the rate is half the floor\.$/, always],
    [
      /^With η = 1\/t it is (\S+)( and goes on falling)?: with a decaying rate SGD converges\.$/,
      (run) => {
        const { y } = series(run, 'decay');
        const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
        return says(run.said[1], run.measures['floor:decay']) && (!run.said[2] || mean(y.slice(60)) < mean(y.slice(40, 60)));
      },
    ],
    [/^At a constant rate the noise of each step is balanced against the pull to the minimum/, always],
    [/^(Squared distance from the minimum over the steps|Mean over the second half: )/, always],
  ],
};

/** Each loss's first step with an output below ½, or that there is none, from the outputs themselves. */
function stepsHold({ series: [mse, entropy], measures, said }: Said): boolean {
  return (
    [
      ['mse', mse!, said[1]!],
      ['cross-entropy', entropy!, said[2]!],
    ] as const
  ).every(([loss, { y }, text]) => {
    const first = y.findIndex((output) => output < 0.5);
    const step = /^at step (\d+)$/.exec(text)?.[1];
    // The series shows the beginning; a step beyond it is the measured one.
    return step === undefined
      ? first < 0 && measures[`step:${loss}`] === undefined
      : first < 0
        ? Number(step) >= y.length
        : first === Number(step);
  });
}
