import { always, curve, read, type Said, says, saysShare, type Truth } from './truth.ts';

/** Within the third digit: numbers near 0 are not held to a share of themselves. */
const near = (text: string | undefined, value: number | undefined) =>
  Math.abs(read(text!) - value!) <= 0.006 * Math.max(0.05, Math.abs(value!));
/** The order with the least perplexity on new text. */
const bestOrder = (run: Said) => curve(run, 'test').y.indexOf(Math.min(...curve(run, 'test').y));

/** Sentences of the experiments on language models. */
export const languageTruths: Record<string, readonly Truth[]> = {
  bpe: [
    [
      /^Tokens of the corpus after (\d+) merges?: (\d+) instead of (\d+)$/,
      (run) =>
        curve(run, 'tokens').y.length - 1 === Number(run.said[1]) &&
        curve(run, 'tokens').y.at(-1) === Number(run.said[2]) &&
        curve(run, 'tokens').y[0] === Number(run.said[3]),
    ],
    [
      /^The most frequent pair is merged each time, first (.*); every merge saves as many tokens as the pair occurs\.$/,
      (run) =>
        run.said[1]!.split(', ').every((part, i) => {
          const { y } = curve(run, 'tokens');
          return Number(/\((\d+)\)$/.exec(part)![1]) === y[i]! - y[i + 1]!;
        }),
    ],
    [
      /^Of (\d+) characters and end marks (\d+) tokens are left, of (\d+) kinds; where pairs tie, the order is a convention\.$/,
      (run) => curve(run, 'tokens').y[0] === Number(run.said[1]) && curve(run, 'tokens').y.at(-1) === Number(run.said[2]),
    ],
    [/^What counts is how often two symbols stand side by side in the whole corpus/, always],
    [/^Tokens after each merge: (.*); merged in turn: .*\.$/, (run) => run.said[1] === curve(run, 'tokens').y.join(', ')],
  ],
  perplexity: [
    [
      /^New text: order (\d) is best, with (\S+); order 3 has (\S+)$/,
      (run) =>
        bestOrder(run) === Number(run.said[1]) &&
        says(run.said[2], Math.min(...curve(run, 'test').y)) &&
        says(run.said[3], curve(run, 'test').y[3]),
    ],
    [
      /^On new text the model of order 2 has perplexity (\S+), the source itself exp\(H\) = (\S+); each of its 100 free numbers costs about 1\/\(2N\) nats\.$/,
      (run) => says(run.said[1], curve(run, 'test').y[2]) && says(run.said[2], curve(run, 'floor').y[2]),
    ],
    [
      /^Order 3 knows no more of the source and has five times as many: (\S+) nats above the source on new text with \d+ training tokens, although its training perplexity, (\S+), is the lowest\.$/,
      (run) =>
        says(run.said[1], run.measures['excess:3']) &&
        Math.min(...curve(run, 'train').y) === curve(run, 'train').y[3] &&
        says(run.said[2], curve(run, 'train').y[3]),
    ],
    [/^A model that looks back less cannot reach the entropy of the source/, always],
    [
      /^Perplexity over the order of the model: new text (.*); training text (.*)\.$/,
      (run) =>
        run.said[1]!.split(', ').every((text, i) => says(text, curve(run, 'test').y[i])) &&
        run.said[2]!.split(', ').every((text, i) => says(text, curve(run, 'train').y[i])),
    ],
  ],
  'lora-rank': [
    [
      /^Rank (\d+), (\S+) % of the parameters, leaves (\S+) % of the change undone$/,
      (run) =>
        saysShare(run.said[2], (Number(run.said[1]) * 80) / (48 * 32)) && saysShare(run.said[3], run.measures[`share:${run.said[1]}`]!),
    ],
    [
      /^Error of the trained BA \(least possible, √Σσ² beyond r\): (.*)\.$/,
      (run) =>
        run.said[1]!.split(', ').every((part, i) => {
          const [, , trained, least] = /^r = (\d+): (\S+) \((\S+)\)$/.exec(part)!;
          return says(trained, curve(run, 'trained').y[i]) && says(least, curve(run, 'floor').y[i]);
        }),
    ],
    [
      /^Both factors at 0 have gradient (\S+) and would never move; with B = 0 and A random the update starts at 0 and trains\.$/,
      (run) =>
        run.measures['zero-gradient'] === 0 &&
        run.said[1] === '0' &&
        run.series.filter(({ name }) => name.startsWith('course:')).every(({ y }) => y.at(-1)! < y[0]!),
    ],
    [/^The squared error of BA has saddles but no bad local minima, so training can reach the truncated SVD/, always],
    [
      /^Left: error over the rank, trained and least possible; at rank \d+ (\S+) and (\S+)\.$/,
      (run) => says(run.said[1], curve(run, 'trained').y.at(-1)) && says(run.said[2], curve(run, 'floor').y.at(-1)),
    ],
    [/^Right: error over the steps of training\.$/, always],
  ],
  'sgns-pmi': [
    [
      /^In 24 dimensions w·c − PMI is (\S+) on average; −ln k is (\S+)$/,
      ({ measures, params, said }) => near(said[1], measures['shift:24']) && near(said[2], -Math.log(params.negatives)),
    ],
    [
      /^With as many dimensions as words the product w·c is the PMI shifted by (\S+) on average, slope (\S+); theory says −ln \d+ = (\S+) and slope 1\.$/,
      ({ measures, params, said }) =>
        near(said[1], measures['shift:24']) && says(said[2], measures['slope:24']) && near(said[3], -Math.log(params.negatives)),
    ],
    [
      /^Correlation with the PMI in 2, 4 and 24 dimensions: (.*)\.$/,
      ({ measures, said }) => said[1]!.split(', ').every((text, i) => says(text, measures[`correlation:${[2, 4, 24][i]}`])),
    ],
    [/^For one pair the loss −P ln σ\(x\) − k·p·q ln σ\(−x\) is least where/, always],
    [
      /^Products of word and context vectors over their PMI, with the line PMI − ln k; correlation (\S+) in 2, (\S+) in 4 and (\S+) in 24 dimensions\.$/,
      ({ measures, said }) => [2, 4, 24].every((d, i) => says(said[i + 1], measures[`correlation:${d}`])),
    ],
  ],
};
