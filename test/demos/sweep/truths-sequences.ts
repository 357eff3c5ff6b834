import { always, curve, read, type Said, says, saysShare, type Truth } from './truth.ts';

/** Factor per step of a drawn line, from its points. */
function perStep(run: Said, name: string): number {
  const { x, y } = curve(run, name);
  return y.at(-1)! ** (1 / x.at(-1)!);
}

/** Sentences of the experiments on sequences and text. */
export const sequenceTruths: Record<string, readonly Truth[]> = {
  'rnn-memory': [
    [
      /^With forget bias (\S+) the LSTM’s cell keeps half of the gradient for (\S+) steps$/,
      (run) =>
        says(run.said[1], Math.max(...run.params.biases)) &&
        says(run.said[2], -Math.LN2 / Math.log(perStep(run, `gate:${Math.max(...run.params.biases)}`))),
    ],
    [
      /^(Factor per step over \d+ steps|Norm of the gradient over \d+ steps back; factor per step): .*random matrix ρ = (\S+)\.$/,
      (run) =>
        says(run.said[2], run.measures.radius) &&
        run.series
          .filter(({ name }) => name !== 'random')
          .every(({ name }) => Math.abs(perStep(run, name) / run.measures[`factor:${name}`]! - 1) < 0.2),
    ],
    [
      /^The cell of an LSTM multiplies by its forget gate alone; steps until half is left: (.*)\.$/,
      (run) =>
        run.said[1]!.split(', ').every((part) => {
          const [, bias, half] = /^b = (\S+): (\S+)$/.exec(part)!;
          return says(half, -Math.LN2 / Math.log(perStep(run, `gate:${read(bias!)}`)));
        }),
    ],
    [
      /^The cell’s gradient is multiplied by the forget gate, here about σ\((\S+)\) = (\S+) a step: half is left after (\S+) steps\.$/,
      ({ measures, params, said }) =>
        says(said[2], 1 / (1 + Math.exp(-params.biases[0]))) && says(said[3], measures[`half-life:${params.biases[0]}`]),
    ],
  ],
  positions: [
    [
      /^Sinusoidal and rotary products depend on the offset alone; random ones do not$/,
      (run) =>
        run.measures['sinusoid-spread']! < 1e-9 &&
        run.measures['rotary-spread']! < 1e-9 &&
        curve(run, 'random').high!.every((high, i) => high - curve(run, 'random').low![i]! > 0.1),
    ],
    [
      /^Over (\d+) positions the sinusoidal product varies by (\S+) at a fixed offset, the rotary one by (\S+) of its size\.$/,
      ({ measures, said }) => says(said[2], measures['sinusoid-spread']) && says(said[3], measures['rotary-spread']),
    ],
    [
      /^It does not fall all the way: at offset (\d+) it rises\.$/,
      (run) => curve(run, 'sinusoid').y.findIndex((v, i, all) => i > 0 && v > all[i - 1]! + 1e-9) === Number(run.said[1]),
    ],
    [
      /^It falls over all of the first \d+ offsets\.$/,
      (run) => curve(run, 'sinusoid').y.every((v, i, all) => i === 0 || v <= all[i - 1]! + 2e-9),
    ],
    [
      /^With random vectors it varies with standard deviation (\S+), with sinusoids added to random contents (\S+)\.$/,
      ({ measures, said }) => says(said[1], measures['random-sd']) && says(said[2], measures['added-sd']),
    ],
    [/^Both are turned by the same further angle in every pair of components/, ({ measures }) => measures['rotary-spread']! < 1e-6],
    [
      /^Left: products of sinusoidal encodings of two positions, alike along every diagonal\.$/,
      (run) => run.measures['sinusoid-spread']! < 1e-9,
    ],
    [/^Right: product over the offset, with the range of random vectors/, always],
  ],
  temperature: [
    [
      /^T = (\S+) leaves (\S+) % of the entropy; the sure classifier needs T = (\S+)$/,
      ({ measures, params, said }) =>
        says(said[1], params.temperature) &&
        saysShare(said[2], measures['entropy:at']! / Math.log(params.words)) &&
        says(said[3], measures['best-temperature']),
    ],
    [
      /^At T = \S+ the entropy is (\S+) of at most ln V = (\S+) nats, and the likeliest word has probability (\S+)\.$/,
      ({ measures, params, said }) =>
        says(said[1], measures['entropy:at']) && says(said[2], Math.log(params.words)) && says(said[3], measures['largest-p']),
    ],
    [
      /^The classifier’s loss is least at T = (\S+): its calibration error goes from (\S+) to (\S+), its accuracy stays (\S+)\.$/,
      ({ measures, said }) =>
        says(said[1], measures['best-temperature']) &&
        says(said[2], measures['ece:before']) &&
        says(said[3], measures['ece:after']) &&
        says(said[4], measures.accuracy) &&
        measures['accuracy-change'] === 0,
    ],
    [/^Dividing all logits by one positive number keeps their order/, ({ measures }) => measures['accuracy-change'] === 0],
    [/^Left: entropy over the temperature\.$/, (run) => curve(run, 'entropy').y.every((v, i, all) => i === 0 || v >= all[i - 1]! - 1e-12)],
    [
      /^Right: share right over confidence, before and after T = (\S+); the calibration error goes from (\S+) to (\S+)\.$/,
      ({ measures, said }) => says(said[2], measures['ece:before']) && says(said[3], measures['ece:after']),
    ],
  ],
  beam: [
    [
      /^(\d+) tokens: greedy search misses the best sentence in (\S+) %, beam 4 in (\S+) %$/,
      (run) => saysShare(run.said[2], curve(run, 'missed').y[0]!) && saysShare(run.said[3], curve(run, 'missed').y[2]!),
    ],
    [
      /^Mean loss against the exact search with widths 1, 2, 4, 10: (.*) nats; in (\S+) % of the models width 2 ends below greedy search\.$/,
      (run) =>
        run.said[1]!.split(', ').every((text, i) => says(text, curve(run, 'loss').y[i])) && saysShare(run.said[2], run.measures.worse!),
    ],
    [
      /^If each step ends the sentence with probability \S+, the most probable sentence has one token in (\S+) % of the models, while sampled ones have (\S+) on average\.$/,
      ({ measures, said }) => saysShare(said[1], measures['length-one']!) && says(said[2], measures['sampled-length']),
    ],
    [/^Each further token multiplies the probability by something below 1/, ({ measures }) => measures['length-one'] === 1],
    [
      /^Left: share of models in which the best sentence is missed, by beam width: (.*) %\.$/,
      (run) => run.said[1]!.split(' %, ').every((text, i) => saysShare(text, curve(run, 'missed').y[i]!)),
    ],
    [/^Right: mean loss in nats: (.*)\.$/, (run) => run.said[1]!.split(', ').every((text, i) => says(text, curve(run, 'loss').y[i]))],
  ],
};
