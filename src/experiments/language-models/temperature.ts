import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, within } from '../../demos/demo.ts';
import { num, percent } from '../../demos/lib/format.ts';
import { sampleFrom } from '../../demos/lib/sample.ts';
import { mean } from '../../demos/lib/stats.ts';

const [COLD, HOT, POINTS] = [0.05, 20, 61];
/** The classifier whose probabilities are put right. */
const CLASSIFIER = { rows: 5000, classes: 5, spread: 1.5, bins: 10 };
/** Relative step of the numerical derivative, and how large that must be to be compared. */
const [STEP, ENOUGH] = [1e-4, 1e-3];

function softmax(logits: ArrayLike<number>, temperature: number): number[] {
  const values = Array.from(logits, (z) => z / temperature);
  const most = Math.max(...values);
  const powers = values.map((z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((value) => value / sum);
}

const entropy = (p: readonly number[]) => p.reduce((sum, value) => (value > 0 ? sum - value * Math.log(value) : sum), 0);

/** Mean −ln p of the labels at a temperature. */
function nll(rows: readonly Float64Array[], labels: readonly number[], temperature: number): number {
  let total = 0;
  rows.forEach((row, i) => {
    let [most, sum] = [Number.NEGATIVE_INFINITY, 0];
    for (const z of row) most = Math.max(most, z / temperature);
    for (const z of row) sum += Math.exp(z / temperature - most);
    total += most + Math.log(sum) - row[labels[i]!]! / temperature;
  });
  return total / rows.length;
}

/** The temperature of least loss, by golden section over its logarithm. */
function bestTemperature(rows: readonly Float64Array[], labels: readonly number[]): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.2), Math.log(20)];
  for (let i = 0; i < 24; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (nll(rows, labels, Math.exp(a)) < nll(rows, labels, Math.exp(b))) high = b;
    else low = a;
  }
  return Math.exp((low + high) / 2);
}

/** Rows in bins of their largest probability: its mean beside the share that is right; and the expected calibration error. */
function reliability(rows: readonly Float64Array[], labels: readonly number[], temperature: number) {
  const bins = Array.from({ length: CLASSIFIER.bins }, () => ({ n: 0, confidence: 0, right: 0 }));
  rows.forEach((row, i) => {
    const p = softmax(row, temperature);
    const top = Math.max(...p);
    const bin = bins[Math.min(CLASSIFIER.bins - 1, Math.floor(top * CLASSIFIER.bins))]!;
    bin.n++;
    bin.confidence += top;
    bin.right += p.indexOf(top) === labels[i] ? 1 : 0;
  });
  const filled = bins.filter(({ n }) => n > 0);
  return {
    x: filled.map(({ n, confidence }) => confidence / n),
    y: filled.map(({ n, right }) => right / n),
    ece: filled.reduce((sum, { confidence, right }) => sum + Math.abs(confidence - right), 0) / rows.length,
    accuracy: filled.reduce((sum, { right }) => sum + right, 0) / rows.length,
  };
}

export default defineDemo({
  name: 'temperature',
  version: 1,
  topics: ['decoding', 'softmax-regression'],
  title: { en: 'What temperature does to probabilities', zh: '温度如何改变概率' },
  summary: {
    en: 'Divides logits by a temperature: entropy over T for one draw of logits, and a classifier that is too sure, before and after the temperature of least loss.',
    zh: '把 logits 除以温度：一组 logits 的熵随 T 的变化，以及一个过分自信的分类器在使用损失最小的温度前后的表现。',
  },
  params: {
    temperature: { type: 'number', min: COLD, max: HOT, default: 0.7, scale: 'log', description: { en: 'temperature T', zh: '温度 T' } },
    words: { type: 'integer', min: 5, max: 100, default: 20, description: { en: 'words on offer', zh: '候选词数' } },
    spread: {
      type: 'number',
      min: 0.5,
      max: 4,
      default: 2,
      description: { en: 'standard deviation of the logits', zh: 'logits 的标准差' },
    },
    sharpness: {
      type: 'number',
      min: 1.2,
      max: 5,
      default: 2.5,
      description: { en: 'how many times too large the classifier’s logits are', zh: '分类器的 logits 放大的倍数' },
    },
  },
  names: {
    entropy: { en: 'entropy', zh: '熵' },
    at: { en: 'at T', zh: '温度 T 处' },
    hot: { en: `at T = ${HOT}`, zh: `T = ${HOT} 处` },
    'derivative-ratio': { en: 'dH/dT over Var(z)/T³', zh: 'dH/dT 与 Var(z)/T³ 之比' },
    'smallest-step': { en: 'smallest rise of the entropy', zh: '熵的最小增量' },
    'best-temperature': { en: 'temperature of least loss', zh: '损失最小的温度' },
    ece: { en: 'expected calibration error', zh: '期望校准误差' },
    accuracy: { en: 'accuracy', zh: '准确率' },
    'accuracy-change': { en: 'change of the accuracy', zh: '准确率的变化' },
    before: { en: 'before', zh: '之前' },
    after: { en: 'after', zh: '之后' },
    'largest-p': { en: 'largest probability at T', zh: '温度 T 处的最大概率' },
  },
  deadline: 20_000,
  variations: [
    { label: { en: 'T = 0.1', zh: 'T = 0.1' }, params: { temperature: 0.1 } },
    { label: { en: 'T = 2', zh: 'T = 2' }, params: { temperature: 2 } },
  ],
  run({ rng, progress }, { temperature, words, spread, sharpness }) {
    const logits = Float64Array.from({ length: words }, () => spread * rng.normal());
    const at = (t: number) => entropy(softmax(logits, t));
    const x = Array.from({ length: POINTS }, (_, i) => COLD * (HOT / COLD) ** (i / (POINTS - 1)));
    const y = x.map(at);
    const p = softmax(logits, temperature);
    const middle = p.reduce((sum, value, i) => sum + value * logits[i]!, 0);
    const variance = p.reduce((sum, value, i) => sum + value * (logits[i]! - middle) ** 2, 0);
    const theory = variance / temperature ** 3;
    const derivative = (at(temperature * (1 + STEP)) - at(temperature * (1 - STEP))) / (2 * STEP * temperature);
    const measures: Record<string, number> = {
      'entropy:at': at(temperature),
      'entropy:hot': at(HOT),
      'largest-p': Math.max(...p),
      'smallest-step': Math.min(...y.slice(1).map((value, i) => value - y[i]!)),
    };
    const checks: DemoCheck[] = [
      { id: 'smallest-step', claim: { en: 'entropy never falls as T rises', zh: '温度升高，熵不下降' }, ...within(-1e-12, 10) },
    ];
    if (theory > ENOUGH) {
      measures['derivative-ratio'] = derivative / theory;
      checks.push({
        id: 'derivative-ratio',
        claim: { en: 'dH/dT = Var(z)/T³ (ratio)', zh: 'dH/dT = Var(z)/T³（比值）' },
        predicted: 1,
        tolerance: 1e-5,
      });
    }
    const uniform = mean([...logits].map((z) => (z - mean([...logits])) ** 2));
    checks.push({
      id: 'entropy:hot',
      claim: { en: 'hot: ln V − Var(z)/(2T²)', zh: '高温：ln V − Var(z)/(2T²)' },
      predicted: Math.log(words) - uniform / (2 * HOT ** 2),
      // The next term is of third order in z/T.
      tolerance: 1e-4 + (uniform ** 1.5 / HOT ** 3) * 2,
    });
    progress(0.2);
    const { rows, classes, spread: scatter } = CLASSIFIER;
    const draws = rng.fork(1);
    const truth = Array.from({ length: rows }, () => Float64Array.from({ length: classes }, () => scatter * draws.normal()));
    const labels = truth.map((row) => sampleFrom(softmax(row, 1), draws));
    const model = truth.map((row) => row.map((z) => z * sharpness));
    const best = bestTemperature(model, labels);
    progress(0.9);
    const [before, after] = [reliability(model, labels, 1), reliability(model, labels, best)];
    Object.assign(measures, {
      'best-temperature': best,
      'ece:before': before.ece,
      'ece:after': after.ece,
      accuracy: before.accuracy,
      'accuracy-change': after.accuracy - before.accuracy,
    });
    checks.push(
      // Four standard errors: .048 at 2.5, in proportion.
      {
        id: 'best-temperature',
        claim: { en: 'the best T undoes the factor', zh: '最好的 T 抵消放大的倍数' },
        predicted: sharpness,
        tolerance: 0.08 * sharpness,
      },
      { id: 'ece:after', claim: { en: 'calibrated afterwards', zh: '之后已校准' }, ...within(0, 0.035) },
      { id: 'accuracy-change', claim: { en: 'accuracy does not change', zh: '准确率不变' }, predicted: 0, tolerance: 0 },
    );
    if (sharpness === 2.5)
      checks.push({ id: 'ece:before', claim: { en: 'too sure before', zh: '之前过分自信' }, predicted: 0.224, tolerance: 0.03 });
    return {
      series: [
        { name: 'entropy', x, y },
        { name: 'before', x: before.x, y: before.y },
        { name: 'after', x: after.x, y: after.y },
      ],
      measures,
      checks,
    };
  },
  chart({ series: [curve, before, after], measures }, { temperature, words }, locale) {
    const share = percent(measures['entropy:at']! / Math.log(words));
    const best = num(measures['best-temperature']!);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(
        {
          en: `T = ${temperature} leaves ${share} of the entropy; the sure classifier needs T = ${best}`,
          zh: `T = ${temperature} 时熵为最大值的 ${share}；过分自信的分类器需要 T = ${best}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: entropy over the temperature. Right: share right over confidence, before and after T = ${best}; the calibration error goes from ${num(measures['ece:before']!)} to ${num(measures['ece:after']!)}.`,
          zh: `左：熵随温度的变化。右：不同置信度下的正确率，使用 T = ${best} 前后；校准误差从 ${num(measures['ece:before']!)} 变为 ${num(measures['ece:after']!)}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: `Entropy of ${words} words`, zh: `${words} 个词的熵` }, locale),
          alt: '',
          x: { label: localize({ en: 'temperature (log scale)', zh: '温度（对数刻度）' }, locale), scale: 'log', min: COLD, max: HOT },
          y: { label: localize({ en: 'nats', zh: '奈特' }, locale), min: 0 },
          lines: [{ name: 'H', x: curve!.x, y: curve!.y }],
          references: [
            { axis: 'y', value: Math.log(words), label: 'ln V', below: true },
            { axis: 'x', value: temperature, label: `T = ${temperature}`, below: true },
          ],
        },
        {
          type: 'scatter',
          title: localize({ en: 'Classifier: right beside sure', zh: '分类器：正确率与置信度' }, locale),
          alt: '',
          x: { label: localize({ en: 'confidence', zh: '置信度' }, locale), min: 0, max: 1 },
          y: { label: localize({ en: 'share right', zh: '正确率' }, locale), min: 0, max: 1 },
          groups: [
            { name: localize({ en: 'before', zh: '之前' }, locale), x: before!.x, y: before!.y },
            { name: localize({ en: `T = ${best}`, zh: `T = ${best}` }, locale), x: after!.x, y: after!.y },
          ],
          identity: true,
          equal: true,
        },
      ],
    };
  },
  reading({ measures }, { temperature, words }, locale) {
    const [h, most, p] = [num(measures['entropy:at']!), num(Math.log(words)), num(measures['largest-p']!)];
    return localize(
      {
        en: `At T = ${temperature} the entropy is ${h} of at most ln V = ${most} nats, and the likeliest word has probability ${p}.\nThe classifier’s loss is least at T = ${num(measures['best-temperature']!)}: its calibration error goes from ${num(measures['ece:before']!)} to ${num(measures['ece:after']!)}, its accuracy stays ${num(measures.accuracy!)}.`,
        zh: `T = ${temperature} 时熵为 ${h}，最大为 ln V = ${most} 奈特，最可能的词概率为 ${p}。\n分类器的损失在 T = ${num(measures['best-temperature']!)} 最小：校准误差从 ${num(measures['ece:before']!)} 变为 ${num(measures['ece:after']!)}，准确率仍为 ${num(measures.accuracy!)}。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ sharpness }) => ({
      en: `A classifier’s logits are ${sharpness} times too large. Dividing them by the best temperature does what to its accuracy?`,
      zh: `分类器的 logits 放大了 ${sharpness} 倍。除以最好的温度，准确率会怎样？`,
    }),
    options: [
      { id: 'rises', text: { en: 'it rises', zh: '上升' } },
      { id: 'same', text: { en: 'nothing', zh: '不变' } },
      { id: 'falls', text: { en: 'it falls', zh: '下降' } },
    ],
    outcome: ({ measures }) => (measures['accuracy-change'] === 0 ? 'same' : measures['accuracy-change']! > 0 ? 'rises' : 'falls'),
    why: {
      en: 'Dividing all logits by one positive number keeps their order, so the same class stays on top; only how sure it sounds changes.',
      zh: '所有 logits 除以同一个正数，顺序不变，排第一的类别不变；变的只是自信的程度。',
    },
  },
});
