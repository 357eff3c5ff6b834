import { always, read, type Said, says, type Truth } from './truth.ts';

/** ‖δ‖ or ‖∂L/∂W‖ at layer 1 over that at the top, per layer, from the curves. */
function perLayer({ series }: Said, name: string): number {
  const { y } = series.find((one) => one.name === name)!;
  return (y[0]! / y.at(-1)!) ** (1 / (y.length - 1));
}

const kinds = (run: Said, prefix: string) => run.series.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name);

/** The change per layer that is furthest from none. */
function furthest(run: Said, prefix: string): number {
  return kinds(run, prefix)
    .map((name) => perLayer(run, name))
    .reduce((far, one) => (Math.abs(Math.log(one)) > Math.abs(Math.log(far)) ? one : far), 1);
}

const lossOf = ({ measures }: Said, remedy: string) => measures[`loss:${remedy}`];
const worstLoss = (run: Said) => Math.max(...run.params.remedies.map((remedy: string) => lossOf(run, remedy) ?? Number.POSITIVE_INFINITY));
const GUESS = Math.LN2;

/** Sentences of the experiments on networks. */
export const networkTruths: Record<string, readonly Truth[]> = {
  'gradient-norms': [
    [
      /loses (\S+) % of the gradient per layer$/,
      (run) => Math.abs(1 - furthest(run, `${run.params.show}:`) - read(run.said[1]!) / 100) < 0.006,
    ],
    [
      /: the gradient grows by (\S+) % per layer$/,
      (run) => Math.abs(furthest(run, `${run.params.show}:`) - 1 - read(run.said[1]!) / 100) < 0.006,
    ],
    [/: the gradient keeps its size \(×(\S+) per layer\)$/, (run) => Math.abs(furthest(run, `${run.params.show}:`) - 1) < 0.0051],
    [
      /: weight gradients ×(\S+) per layer, δ ×(\S+)$/,
      (run) => run.params.show === 'weight' && Math.abs(Math.log(read(run.said[1]!))) < 0.105 && read(run.said[2]!) < 0.951,
    ],
    [/^No gradient passes through any of these nets$/, ({ series }) => series.length === 0],
    [
      /^Per layer towards the input, δ changes by: (.*) \(\d+ layers\)\.$/,
      (run) =>
        kinds(run, 'delta:').every((name) =>
          says(
            run.said[1]!.split('; ')
              .map((part) => part.split('×')[1])
              .find((text) => says(text, perLayer(run, name))),
            perLayer(run, name),
          ),
        ),
    ],
    [
      /^The weight gradients ∂L\/∂W = hᵀδ stay nearly flat \((.*)\): h grows where δ shrinks/,
      (run) => run.said[1]!.split('; ').every((part) => Math.abs(Math.log(read(part.split('×')[1]!))) < 0.105),
    ],
    [
      /^(\d+) of the nets with (.+) let no gradient through/,
      ({ measures, said }) => Object.entries(measures).some(([key, value]) => key.startsWith('dead:') && value === Number(said[1])),
    ],
    [/^Each layer multiplies δ by Wᵀ and φ′\(z\) \(for sigmoid at most ¼\)\.$/, always],
    [/^Per layer: /, always],
    [/^Norm of the gradient (at the pre-activations|of the weights) from layer \d+ down to layer 1\.$/, always],
    [/^.*: \S+ → \S+\.$/, always],
  ],
  'linear-depth': [
    [
      /^No activation: over (\d+) layers the gradient becomes ×(\S+) \(gain (\S+)\) or ×(\S+) \(gain (\S+)\)$/,
      ({ series, said }) => {
        const whole = (gain: string) => series.find(({ name }) => name === gain)!.y;
        return [2, 4].every((i) => says(said[i], whole(said[i + 1]!)[0]! / whole(said[i + 1]!).at(-1)!));
      },
    ],
    [
      /^No activation: over (\d+) layers gain (\S+) multiplies the gradient by (\S+)$/,
      ({ series: [only], said }) => says(said[3], only!.y[0]! / only!.y.at(-1)!),
    ],
    [
      /^Per layer the back-propagated gradient is multiplied by g = .*; theory says the gain times e\^\(−1\/\(2n\)\) = (\S+)\.$/,
      ({ params, said }) => says(said[1], Math.exp(-1 / (2 * params.width))),
    ],
    [
      /^Over (\d+) layers g = (\S+) multiplies it by (\S+), and there is no activation to blame\.$/,
      ({ series: [first], said }) => says(said[3], first!.y[0]! / first!.y.at(-1)!),
    ],
    [
      /^Each layer multiplies it by (\S+), all of them by (\S+); the weights alone do it\.$/,
      ({ series: [first], said }) => says(said[2], first!.y[0]! / first!.y.at(-1)!),
    ],
    [/^(Gradient norm by layer in linear nets of \d+ layers\.|Factor per layer: )/, always],
  ],
  'residual-depth': [
    [
      /^After (\d+) blocks?: plain (\S+), residual (\S+)$/,
      ({ series, said }) => says(said[2], series[0]!.y[0]) && says(said[3], series[1]!.y[0]) && series[0]!.x.at(-1) === Number(said[1]),
    ],
    [
      /^Gradient at the input relative to the top with tanh and Var W = (1\/\(3n\)|1\/n), plain \/ residual, by number of blocks: /,
      ({ params, said }) => (said[1] === '1/n') === (params.variance === '1/n'),
    ],
    [
      /^With zero-initialised branches it is passed on unchanged, whatever the depth\.$/,
      ({ measures, params }) => params.depths.every((depth: number) => Math.abs(measures[`zero-init:${depth}`]! - 1) < 1e-4),
    ],
    [
      /^The identity path copies the gradient and the branches add to it: ×(\S+) in all, where the plain stack makes ×(\S+) of it\.$/,
      ({ series, said }) => says(said[1], series[1]!.y[0]) && says(said[2], series[0]!.y[0]),
    ],
    [/^Gradient by block relative to the top block, \d+ blocks?\.$/, always],
    [/^At the input: plain \S+, residual \S+, zero-initialised \S+\.$/, always],
  ],
  'training-plateau': [
    [/stays at a coin toss$/, (run) => Math.abs(worstLoss(run) - GUESS) <= 0.0401],
    [/ends worse than a coin toss, at (\S+)$/, (run) => worstLoss(run) > GUESS && says(run.said[1], worstLoss(run))],
    [
      /: (\d+) of (\d+) nets diverge$/,
      ({ measures, said }) => Object.entries(measures).some(([key, value]) => key.startsWith('lost:') && value === Number(said[1])),
    ],
    [/ ends (highest, )?at (\S+)$/, (run) => worstLoss(run) < GUESS && says(run.said[2], worstLoss(run))],
    [/^(Loss and accuracy after \d+ steps|At the end \(accuracy\)): /, always],
    [/^0\.693 = ln 2 is what guessing gets\.$/, always],
    [
      /^The sigmoid net is still there: at the start about (\S+) of the gradient at its top layer reaches the first\.$/,
      // A sigmoid layer passes on less than a third of δ at this variance.
      (run) =>
        Math.abs(lossOf(run, 'sigmoid')! - GUESS) <= 0.0401 &&
        read(run.said[1]!) < 0.01 &&
        read(run.said[1]!) < 0.34 ** (run.params.depth - 1),
    ],
    [
      /^Without activation the whole net is one linear map, and no line separates rings\.$/,
      (run) => Math.abs(lossOf(run, 'linear')! - GUESS) <= 0.0401,
    ],
    [
      / has not learnt with these settings\.$/,
      (run) => run.params.remedies.some((remedy: string) => Math.abs((lossOf(run, remedy) ?? 9) - GUESS) <= 0.0401),
    ],
    [/; guessing gets ln 2 = 0\.693\.$/, always],
    [/^Training loss over the steps\.$/, always],
  ],
  'batchnorm-grid': [
    [
      /^With BatchNorm (\d+) of (\d+) combinations train, without it (\d+)$/,
      ({ series, said }) => {
        const trained = (kind: string) =>
          series.filter(({ name }) => name.startsWith(kind)).reduce((sum, { y }) => sum + y.filter((loss) => loss < 0.2).length, 0);
        return trained('bn:') === Number(said[1]) && trained('plain:') === Number(said[3]);
      },
    ],
    [
      /^Trained combinations: (\d+) of \d+ with batch normalization, (\d+) without\.$/,
      ({ measures, said }) => measures['trained:bn'] === Number(said[1]) && measures['trained:plain'] === Number(said[2]),
    ],
    [
      /^With it something trains at (\d+) of \d+ weight scales and \d+ of \d+ learning rates; without it, at (\d+) and \d+\.$/,
      ({ series, said }) => {
        const rows = (kind: string) => series.filter(({ name, y }) => name.startsWith(kind) && y.some((loss) => loss < 0.2)).length;
        return rows('bn:') === Number(said[1]) && rows('plain:') === Number(said[2]);
      },
    ],
    [/^The output of a normalised layer does not depend on the scale of its weights\.$/, always],
    [/^(Two heat maps of the final loss|Trained cells: )/, always],
  ],
  'bert-layers': [
    [
      /^“bank” parts by topic: a gap of (\S+) at index 0, of (\S+) at index (\d+)$/,
      ({ series: [same, different], said }) => {
        const gap = same!.y.at(-1)! - different!.y.at(-1)!;
        return gap >= 0.0999 && says(said[2], gap) && Math.abs(same!.y[0]! - different!.y[0]!) < 1e-3;
      },
    ],
    [
      /^“bank” does not part by topic here: a gap of (\S+) at index (\d+)$/,
      ({ series: [same, different] }) => same!.y.at(-1)! - different!.y.at(-1)! < 0.1001,
    ],
    [/^Hidden states: (\d+) \(one per layer and the embeddings\)\.$/, ({ params, said }) => Number(said[1]) === params.layers + 1],
    [
      /^Index 0 is the embedding output, where a word has the same vector in every sentence \(cosine (\S+)\)\.$/,
      ({ measures }) => measures['bank-cosine:0']! > 0.9999,
    ],
    [
      /^At index \d+ the vector (hardly )?depends on the topic \(gap (\S+)\), and \[CLS\] tells the topics apart in (\S+) % of cases/,
      ({ measures, params, said }) => measures[`topic-gap:${params.layers}`]! < 0.1 === (said[1] !== undefined),
    ],
    [/^This toy is no pretrained BERT: /, always],
    [/^The loss of (\S+) is near 2\.55: /, ({ measures }) => measures.loss! > 2.35 && measures.loss! < 2.75],
    [/^The loss of (\S+) is near 2\.97, /, ({ measures }) => measures.loss! >= 2.7 && measures.loss! < 3.4],
    [/^One per layer, and the embedding output at index 0\.$/, ({ measures, params }) => measures['hidden-states'] === params.layers + 1],
    [/^(Left: mean cosine of the word|Right: share of \[CLS\] vectors)/, always],
  ],
};
