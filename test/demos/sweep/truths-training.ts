import { always, curve, read, says, saysShare, type Truth } from './truth.ts';

/** A percentage with as many digits as it needs near 0 and 100. */
const fine = (text: string, share: number) => Math.abs(read(text) / 100 - share) <= 0.0051 && (share === 0) === (read(text) === 0);

/** Sentences of the experiments on precision and penalties. */
export const trainingTruths: Record<string, readonly Truth[]> = {
  quantization: [
    [
      /^One weight of (\S+) at (\d+) bits turns (\S+) % of the others into 0$/,
      ({ measures, params, said }) => says(said[1], params.outlier) && saysShare(said[3], measures.zeros!),
    ],
    [
      /^Each bit is worth (\S+) dB \(theory 6\.02\), with an error of Δ²\/12 a number\.$/,
      (run) =>
        says(run.said[1], (curve(run, 'sqnr').y.at(-1)! - curve(run, 'sqnr').y[0]!) / 6) &&
        Math.abs(run.measures['noise-ratio']! - 1) < 0.05,
    ],
    [
      /^With one weight of \S+ a single scale at \d+ bits leaves the other rows (\S+) dB \((\S+) without the outlier\), and (\S+) % of them become 0; one scale per row leaves (\S+) dB\.$/,
      ({ measures, said }) =>
        Math.abs(read(said[1]!) - measures['matrix:tensor']!) < 0.06 &&
        says(said[2], measures['matrix:clean']) &&
        saysShare(said[3], measures.zeros!) &&
        says(said[4], measures['matrix:row']),
    ],
    [/^The step is the largest weight divided by the number of levels/, always],
    [/^Left: signal to noise over the bits, (\S+) dB a bit\.$/, ({ measures, said }) => says(said[1], measures.slope)],
    [
      /^Right: signal to noise of the other rows, (\S+) dB with one scale and (\S+) dB with one a row\.$/,
      ({ measures, said }) => Math.abs(read(said[1]!) - measures['matrix:tensor']!) < 0.06 && says(said[2], measures['matrix:row']),
    ],
  ],
  'half-precision': [
    [
      /^Lost to 0: (\S+) % of the gradients without a loss scale, (\S+) % at 2[⁰¹²³⁴-⁹]+$/,
      (run) => fine(run.said[1]!, curve(run, 'flushed').y[0]!) && fine(run.said[2]!, run.measures['flushed:scaled']!),
    ],
    [
      /^Without a scale (\S+) % of the gradients become 0 in fp16; multiplied by 2[⁰¹²³⁴-⁹]+, (\S+) %, while (\S+) % overflow\.$/,
      (run) =>
        fine(run.said[1]!, curve(run, 'flushed').y[0]!) &&
        fine(run.said[2]!, run.measures['flushed:scaled']!) &&
        fine(run.said[3]!, run.measures['overflow:scaled']!),
    ],
    [
      /^Normal numbers keep a relative error of at most (\S+) \(2⁻¹¹ = 0\.000488\); so 1 multiplied 200 times by 1 \+ 2⁻¹² is (\S+): master weights in fp32 are what keeps small updates\.$/,
      ({ measures, said }) => says(said[1], measures['relative-error']) && said[2] === '1' && measures['after-200'] === 1,
    ],
    [
      /^Next to 1 the numbers of fp16 are 2⁻¹⁰ apart, so an update of 2⁻¹² is rounded away every time\.$/,
      ({ measures }) => measures['after-200'] === 1,
    ],
    [/^Left: histogram of log₂\|g\| beside the limits of fp16 at −24 and −14\.$/, always],
    [
      /^Right: shares that become 0 and that overflow over the loss scale; at 2[⁰¹²³⁴-⁹]+ (\S+) % and (\S+) %\.$/,
      (run) => fine(run.said[1]!, run.measures['flushed:scaled']!) && fine(run.said[2]!, run.measures['overflow:scaled']!),
    ],
  ],
  'ridge-lasso': [
    [
      /^λ = (\S+): lasso sets (\d+) of 12 coefficients to 0, ridge (\d+)$/,
      (run) => ['lasso', 'ridge'].every((name, i) => curve(run, name).y.filter((v) => v === 0).length === Number(run.said[i + 2])),
    ],
    [
      /^With XᵀX = I ridge divides every coefficient by 1 \+ λ = (\S+) and makes (\d+) exactly 0; the lasso moves each towards 0 by λ and makes (\d+) of 12 exactly 0\.$/,
      (run) =>
        curve(run, 'ridge').y.every((v, i) => Math.abs(v * (1 + run.params.penalty) - curve(run, 'ridge').x[i]!) < 1e-9) &&
        curve(run, 'lasso').y.filter((v) => v === 0).length === Number(run.said[3]),
    ],
    [/^None of the 12 is within λ of 0, so the lasso removes none\.$/, (run) => curve(run, 'lasso').y.every((v) => v !== 0)],
    [
      /^Subgradient descent sets (\d+) to exactly 0: they stay near it, at most (\S+) of 2ηλ away\.$/,
      (run) =>
        run.said[1] === '0' &&
        says(run.said[2], run.measures['subgradient-share']) &&
        // Of the one that is drawn, too.
        curve(run, 'path')
          .y.slice(-60)
          .every((v) => v !== 0),
    ],
    [/^The pull of the squared penalty fades as a coefficient nears 0/, always],
    [/^Left: coefficients of ridge and lasso over those of least squares\.$/, always],
    [
      /^Right: (a lasso coefficient under subgradient descent, staying near 0|no coefficient is small enough for the lasso to remove)\.$/,
      (run) => run.said[1]!.startsWith('a ') === curve(run, 'path').x.length > 0,
    ],
  ],
  'double-descent': [
    [
      /^50 points: error (\S+) with 50 features, (\S+) with 250$/,
      (run) => says(run.said[1], curve(run, 'risk').y[4]) && says(run.said[2], curve(run, 'risk').y.at(-1)),
    ],
    [
      /^Excess error, measured \(theory\): (.*)\.$/,
      (run) =>
        run.said[1]!.split(', ').every((part) => {
          const [, p, measured, theory] = /^p = (\d+): (\S+) \((\S+)\)$/.exec(part)!;
          const [risk, exact] = [curve(run, 'risk'), curve(run, 'theory')];
          return says(measured, risk.y[risk.x.indexOf(Number(p))]) && says(theory, exact.y[exact.x.indexOf(Number(p))]);
        }),
    ],
    [
      /^At p = n = 50 it is (\S+) times that at p = 2n: a fit that only just passes/,
      (run) => says(run.said[1], curve(run, 'risk').y[4]! / curve(run, 'risk').y[8]!),
    ],
    [/^With as many features as points X is nearly singular/, always],
    [
      /^Error over the number of features: (\S+) at 10, (\S+) at 50, (\S+) at 250\.$/,
      (run) => [0, 4, 10].every((at, i) => says(run.said[i + 1], curve(run, 'risk').y[at])),
    ],
  ],
};
