import { always, read, says, saysShare, type Truth } from './truth.ts';

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
};
