import { always, curve, read, type Said, says, saysShare, type Truth } from './truth.ts';

const average = (run: Said, name: string) => curve(run, name).y.reduce((sum, v) => sum + v, 0) / curve(run, name).y.length;

/** Sentences of the experiments on measuring models. */
export const evaluationTruths: Record<string, readonly Truth[]> = {
  'roc-auc': [
    [
      /^With (\S+) % positives the detector’s alarms are right in (\S+) %$/,
      ({ measures, params, said }) => says(said[1], 100 * params.prevalence) && saysShare(said[2], measures.precision!),
    ],
    [
      /^Area under the curve \(theory\): (.*); it is the share of pairs in which the positive scores higher, and prevalence does not enter\.$/,
      ({ measures, said }) =>
        measures['pairs-gap']! < 1e-12 &&
        said[1]!.split(', ').every((part) => {
          const [, d, area, theory] = /^d′ = (\S+): (\S+) \((\S+)\)$/.exec(part)!;
          return says(area, measures[`auc:${d}`]) && Math.abs(read(theory!) - measures[`auc:${d}`]!) < 0.15;
        }),
    ],
    [
      /^The precision of a detector with recall 90 % and 5 % false alarms is (\S+) with (\S+) % positives, (\S+) in theory with as many positives as negatives\.$/,
      ({ measures, params, said }) =>
        says(said[1], measures.precision) && says(said[2], 100 * params.prevalence) && says(said[3], 0.9 / 0.95),
    ],
    [/^Precision weighs hits against false alarms by how common the classes are/, always],
    [
      /^Left: ROC curves, with areas /,
      ({ series }) => series.filter(({ name }) => name.startsWith('roc:')).every(({ y }) => y.at(-1) === 1),
    ],
    [
      /^Right: precision over the share of positives, (\S+) % at (\S+) %\.$/,
      ({ measures, said }) => saysShare(said[1], measures.precision!),
    ],
  ],
  leakage: [
    [
      /^(\d+) noise features: (\S+) % if picked on all data, (\S+) % inside the folds$/,
      (run) => saysShare(run.said[2], average(run, 'all')) && saysShare(run.said[3], average(run, 'inside')),
    ],
    [
      /^Mean over \d+ data sets of noise: .* accuracy of (\S+), picked inside the folds (\S+); on new data it is (\S+)\.$/,
      (run) => ['all', 'inside', 'fresh'].every((name, i) => says(run.said[i + 1], average(run, name))),
    ],
    [
      /^With five rows a person and a random label per person, 1-NN has (\S+) if rows are split at random and (\S+) if people are\.$/,
      (run) => says(run.said[1], average(run, 'rows')) && says(run.said[2], average(run, 'persons')),
    ],
    [/^The picking has seen the labels of the rows that are held out later/, always],
    [
      /^Left: cross-validated accuracy .* all data (\S+) %, inside the folds (\S+) %, and on new data (\S+) %\.$/,
      (run) => ['all', 'inside', 'fresh'].every((name, i) => saysShare(run.said[i + 1], average(run, name))),
    ],
    [
      /^Right: 1-NN with rows of one person in training and test (\S+) %, split by person (\S+) %\.$/,
      (run) => saysShare(run.said[1], average(run, 'rows')) && saysShare(run.said[2], average(run, 'persons')),
    ],
  ],
  'feature-scaling': [
    [
      /^Standardising: condition number (\S+) → (\S+); correlation is what is left$/,
      ({ measures, said }) =>
        says(said[1], measures['condition:raw']) &&
        says(said[2], (1 + Math.abs(measures.correlation!)) / (1 - Math.abs(measures.correlation!))),
    ],
    [
      /^Steps until the error is 0\.001: (more than 4000|\d+) on the raw scale, (\d+) standardised; what is left is the correlation, (\S+) in this sample, which is the factor per step\.$/,
      (run) =>
        (run.said[1]!.startsWith('more')
          ? run.measures['steps:raw'] === undefined
          : curve(run, 'raw').y.length - 1 === Number(run.said[1])) &&
        curve(run, 'standardised').y.length - 1 === Number(run.said[2]) &&
        says(run.said[3], run.measures['factor:standardised']),
    ],
    [
      /^A feature of mean \S+ beside a bias needs (more than 4000|\d+) steps \(condition number (\S+)\), centred (\d+)\.$/,
      (run) => says(run.said[2], run.measures['condition:shifted']) && curve(run, 'centred').y.length - 1 === Number(run.said[3]),
    ],
    [
      /^Standardising removes the difference of scale, not the correlation/,
      ({ measures }) => Math.abs(measures['factor:standardised']! - Math.abs(measures.correlation!)) < 1e-6,
    ],
    [
      /^Left: error over the steps of gradient descent; condition numbers (\S+) raw, (\S+) standardised\.$/,
      ({ measures, said }) => says(said[1], measures['condition:raw']) && says(said[2], measures['condition:standardised']),
    ],
    [
      /^Right: condition number over the mean of a feature beside a bias, (\S+) at m = \S+\.$/,
      ({ measures, said }) => says(said[1], measures['condition:shifted']),
    ],
  ],
  'early-stopping': [
    [
      /^The error is least at step (\d+); at step (\d+) it is (\S+) times as large$/,
      (run) => {
        const { x, y } = curve(run, 'gd');
        return x[y.indexOf(Math.min(...y))] === Number(run.said[1]) && says(run.said[3], y.at(-1)! / Math.min(...y));
      },
    ],
    [
      /^With so little noise the error falls nearly to the end: stopping early gains nothing$/,
      (run) => curve(run, 'gd').y.at(-1)! <= 1.05 * Math.min(...curve(run, 'gd').y),
    ],
    [
      /^After t steps gradient descent has fitted the share .* they differ by at most (\S+), and the expected error is at most (\S+) times that of ridge\.$/,
      (run) =>
        says(run.said[1], run.measures['filter-gap']) &&
        says(run.said[2], Math.max(...curve(run, 'gd').y.map((v, i) => v / curve(run, 'ridge').y[i]!))),
    ],
    [
      /^The least error is (\S+) at step (\d+) \(ridge: (\S+)\); at step \d+ it is (\S+) times that\.$/,
      (run) => says(run.said[1], Math.min(...curve(run, 'gd').y)) && says(run.said[3], Math.min(...curve(run, 'ridge').y)),
    ],
    [/^Directions with large singular values are fitted first/, always],
    [/^Left: share of the fit by singular value after some numbers of steps/, always],
    [
      /^Right: expected error over the steps, least (\S+) for gradient descent and (\S+) for ridge\.$/,
      ({ measures, said }) => says(said[1], measures.best) && says(said[2], measures['best-ridge']),
    ],
  ],
};
