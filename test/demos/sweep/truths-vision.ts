import { always, curve, read, type Said, says, saysShare as share, type Truth } from './truth.ts';

/** The change of a halved output at the shift of the run. */
const changed = (run: Said, name: string) => curve(run, name).y[run.params.shift]!;

/** Mean squared distance of the gradient from the middle of the map, per axis. */
function spreadOf(run: Said): number {
  const rows = run.series.filter(({ name }) => name.startsWith('map:'));
  const middle = (rows.length - 1) / 2;
  return rows.reduce((sum, { y }, r) => sum + y.reduce((all, v, c) => all + (v * ((c - middle) ** 2 + (r - middle) ** 2)) / 2, 0), 0);
}
const deepest = ({ params }: Said) => Math.max(...params.depths);

/** Sentences of the experiments on images. */
export const visionTruths: Record<string, readonly Truth[]> = {
  'conv-shift': [
    [
      /^The image moves by (\d+): stride 2 only moves its output too$/,
      (run) => run.params.shift % 2 === 0 && changed(run, 'stride') < 1e-12,
    ],
    [
      /^The image moves by (\d+): with stride 2 the output changes by (\S+) %$/,
      (run) => run.params.shift % 2 === 1 && share(run.said[2], changed(run, 'stride')),
    ],
    [
      /^Moved by \d+: with edges that wrap the output just moves \(off by (\S+)\); with zero padding (\d+) of (\d+) columns differ\.$/,
      (run) =>
        read(run.said[1]!) < 1e-12 &&
        curve(run, 'padded').y.filter((gap) => gap > 1e-12).length === Number(run.said[2]) &&
        curve(run, 'padded').y.length === Number(run.said[3]),
    ],
    [
      /^After halving, .* by (\S+) % \(stride 2\), (\S+) % \(max pooling\), (\S+) % \(blur, then stride 2\); its global average stays\.$/,
      (run) =>
        ['stride', 'pool', 'blur'].every((name, i) => share(run.said[i + 1], changed(run, name))) && run.measures['error:average']! < 1e-12,
    ],
    [/^Convolution is equivariant to shifts away from the edges; a stride of 2 keeps this for even shifts only/, always],
    [/^Left: relative change of the halved outputs over the shift/, always],
    [/^Right: mean change by column with zero padding, in (\d+) columns\.$/, ({ measures, said }) => measures.columns === Number(said[1])],
  ],
  'receptive-field': [
    [
      /^(\d+) layers reach (\d+) cells; ±2 standard deviations of the gradient span (\S+)$/,
      (run) =>
        Number(run.said[1]) === deepest(run) &&
        curve(run, 'reach').y.at(-1) === Number(run.said[2]) &&
        says(run.said[3], 4 * Math.sqrt(spreadOf(run))),
    ],
    [
      /^After \d+ layers of 3×3 the field has (\d+) cells a side; the gradient has a standard deviation of (\S+) cells, in theory √\(2L\/3\) = (\S+)\.$/,
      (run) =>
        curve(run, 'reach').y.at(-1) === Number(run.said[1]) &&
        says(run.said[2], Math.sqrt(spreadOf(run))) &&
        says(run.said[3], Math.sqrt((2 * deepest(run)) / 3)),
    ],
    [
      /^Four of them are (\S+) % of the side 2L \+ 1\.$/,
      (run) => share(run.said[1], (4 * Math.sqrt(spreadOf(run))) / (2 * deepest(run) + 1)),
    ],
    [/^Over the layers the width grows with slope (\S+) \(log–log\)\.$/, ({ measures, said }) => says(said[1], measures.slope)],
    [/^Paths to the centre add up like steps of a random walk/, always],
    [/^Left: heat map of the squared gradient over the input cells\.$/, always],
    [
      /^Right: reach and effective width over the number of layers, at \d+ layers (\d+) and (\S+) cells\.$/,
      (run) => curve(run, 'reach').y.at(-1) === Number(run.said[1]) && says(run.said[2], 4 * Math.sqrt(spreadOf(run))),
    ],
  ],
};
