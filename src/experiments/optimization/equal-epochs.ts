import { type Locale, type Localized, localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo, type Outcome } from '../../demos/demo.ts';
import { names } from '../../demos/lib/batch-size-words.ts';
import { count, num } from '../../demos/lib/format.ts';
import { drawRegression, RATES, sgdErrors, valley } from '../../demos/lib/linear-sgd.ts';
import { mean, meanBand } from '../../demos/lib/stats.ts';

const N = 512;
const D = 8;
const NOISE = 0.5;

/** Batch sizes differ where their errors are further apart than this share. */
const ALIKE = 0.01;
/** A rate is as good as the best one while its error is less than this share above it. */
const AS_GOOD = 0.05;

export default defineDemo({
  name: 'equal-epochs',
  version: 3,
  topics: ['batch-size', 'stochastic-gradient-descent'],
  title: { en: 'Batch sizes, each at its own learning rate', zh: '各用合适学习率的批量大小' },
  summary: {
    en: 'Trains one linear regression by SGD for the same number of epochs with several batch sizes: first with the learning rate tuned for each of them, then with one rate for all.',
    zh: '同一个线性回归，用 SGD 训练同样多的 epoch，比较几种批量：先为每种批量调好学习率，再让它们共用一个学习率。',
  },
  params: {
    batches: {
      type: 'numbers',
      whole: true,
      min: 1,
      max: N,
      maxItems: 5,
      default: [1, 32, 512],
      description: { en: 'batch sizes', zh: '批量大小' },
    },
    epochs: {
      type: 'integer',
      min: 1,
      max: 20,
      default: 5,
      description: { en: 'passes over the data', zh: '训练遍数' },
    },
    rate: {
      type: 'number',
      min: 0.001,
      max: 0.2,
      default: 0.05,
      scale: 'log',
      description: { en: 'learning rate shared by all in the second chart', zh: '第二张图中共用的学习率' },
    },
    seeds: {
      type: 'integer',
      min: 1,
      max: 10,
      default: 5,
      description: { en: 'data sets to average over', zh: '取平均的数据集个数' },
    },
  },
  names,
  deadline: 60_000,
  variations: [
    { label: { en: 'one epoch', zh: '只训练一遍' }, params: { epochs: 1 } },
    { label: { en: 'smaller shared rate', zh: '更小的共用学习率' }, params: { rate: 0.01 } },
  ],
  run({ rng, progress }, { batches, epochs, rate, seeds }) {
    const sets = Array.from({ length: seeds }, (_, s) => drawRegression(rng.fork(s), { n: N, d: D, noise: NOISE, epochs }));
    const start = mean(sets.map((set) => sgdErrors(set, N, 0)[0]! / set.least));
    const measures: Record<string, number> = { least: mean(sets.map(({ least }) => least)) };
    const diverged: NonNullable<Outcome['diverged']> = [];
    const valleys: Outcome['series'] = [];
    const curves: Outcome['series'] = [];
    batches.forEach((batch, b) => {
      const { best, ...tried } = valley(sets, batch, start);
      valleys.push({ name: `tuned:${batch}`, ...tried });
      const errors = sets.map((set) => sgdErrors(set, batch, rate));
      const whole = Math.min(...errors.map((one) => one.length));
      const updates = Math.ceil(N / batch);
      measures[`updates:${batch}`] = epochs * updates;
      measures[`tuned-rate:${batch}`] = best.rate;
      measures[`tuned-ratio:${batch}`] = best.ratio;
      measures[`rate-times-updates:${batch}`] = best.rate * epochs * updates;
      const shown = errors.map((one) => one.slice(0, whole));
      measures[`mse:${batch}`] = mean(shown.map((one) => one.at(-1)!));
      measures[`ratio:${batch}`] = mean(shown.map((one, s) => one.at(-1)! / sets[s]!.least));
      const worse = shown.map((one) => one.findIndex((error) => error > one[0]!)).filter((epoch) => epoch > 0);
      if (whole <= epochs || measures[`ratio:${batch}`]! > start)
        diverged.push({ name: `B = ${batch}, η = ${rate}`, step: Math.min(...worse) * updates });
      curves.push({ name: String(batch), x: shown[0]!.map((_, epoch) => epoch), ...meanBand(shown) });
      progress((b + 1) / batches.length, () => ({ series: [...curves, ...valleys], measures }));
    });
    return {
      series: [...curves, ...valleys],
      measures,
      checks: checks(measures, batches, { epochs, rate, seeds }),
      ...(diverged.length > 0 && { diverged }),
    };
  },
  chart({ series, measures }, { batches: all, epochs, rate }, locale) {
    const batches = all.filter((batch) => series.some(({ name }) => name === String(batch)));
    const of = (name: string) => series.find((one) => one.name === name)!;
    const tuned = batches.map((batch) => tunedFact(measures, batch));
    const shared = batches.map((batch) => `B = ${batch}: ${num(measures[`mse:${batch}`]!)} (${measures[`updates:${batch}`]})`);
    const cut = batches.some((batch) => of(`tuned:${batch}`).x.at(-1)! < RATES.at(-1)!);
    return {
      type: 'multiples',
      columns: 2,
      title: localize(tunedTitle(measures, batches), locale),
      subtitle: localize(
        {
          en: `${count(epochs, 'epoch')} each; 1 = least squares; band = smallest to largest${cut ? '; a line ends where training would make it worse' : ''}`,
          zh: `各训练 ${epochs} 遍；1 = 最小二乘；色带为最小到最大${cut ? '；再往右训练反而更差，不再画出' : ''}`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Left: mean squared error over that of least squares against the learning rate, one valley for each batch size; lowest points: ${tuned.join('; ')}. Right: mean squared error by epoch with η = ${rate} for all; at the end (updates): ${shared.join('; ')}.`,
          zh: `左：均方误差与最小二乘之比随学习率的变化，每种批量一条谷；最低点：${tuned.join('；')}。右：共用 η = ${rate} 时各遍之后的均方误差；结束时（更新次数）：${shared.join('；')}。`,
        },
        locale,
      ),
      panels: [
        {
          type: 'lines',
          title: localize({ en: 'Error by learning rate', zh: '误差随学习率的变化' }, locale),
          alt: '',
          x: { label: localize({ en: 'learning rate η', zh: '学习率 η' }, locale), scale: 'log', min: RATES[0]!, max: RATES.at(-1)! },
          y: { label: localize({ en: 'MSE / least squares', zh: '均方误差 / 最小二乘' }, locale), scale: 'log', min: 0.8 },
          lines: batches.map((batch) => ({ ...of(`tuned:${batch}`), name: `B = ${batch}` })),
          references: [{ axis: 'y', value: 1, label: '' }],
        },
        {
          type: 'lines',
          title: localize({ en: `All at η = ${rate}`, zh: `共用 η = ${rate}` }, locale),
          alt: '',
          x: { label: localize({ en: 'epoch', zh: '遍（epoch）' }, locale), time: true, min: 0, max: epochs },
          y: { label: localize({ en: 'mean squared error', zh: '均方误差' }, locale), scale: 'log' },
          lines: batches.map((batch) => ({ ...of(String(batch)), name: `B = ${batch}` })),
          references: [
            { axis: 'y', value: measures.least!, label: localize({ en: 'least squares', zh: '最小二乘' }, locale), below: true },
          ],
        },
      ],
    };
  },
  reading({ measures }, { batches, epochs, rate }, locale) {
    const products = batches.map((batch) => measures[`rate-times-updates:${batch}`]!);
    const [low, high] = [Math.min(...products), Math.max(...products)];
    const rule: Localized =
      batches.length > 1 && high <= 2 * low
        ? {
            en: ` Rate times updates is much the same for all (${num(low, 2)}–${num(high, 2)}).`,
            zh: `学习率 × 更新次数相差不大（${num(low, 2)}–${num(high, 2)}）。`,
          }
        : { en: '', zh: '' };
    return localize(
      {
        en: `Error after ${count(epochs, 'epoch')} of SGD over the least possible (${num(measures.least!)}), each batch size at the best rate for it: ${batches.map((batch) => tunedFact(measures, batch)).join(', ')}.${rule.en}\nAll at η = ${rate}: ${batches.map((batch) => sharedFact(measures, batch, rate, 'en')).join('; ')}.`,
        zh: `SGD 训练 ${epochs} 遍，各批量用最适合自己的学习率，误差与可能的最小值（${num(measures.least!)}）之比：${batches.map((batch) => tunedFact(measures, batch)).join('，')}。${rule.zh}\n共用 η = ${rate}：${batches.map((batch) => sharedFact(measures, batch, rate, 'zh')).join('；')}。`,
      },
      locale,
    );
  },
  predict: {
    question: {
      en: 'Each batch size gets the learning rate that suits it, and all get the same number of epochs. Which ends with the smallest training error?',
      zh: '每种批量都用最适合自己的学习率，训练同样多的 epoch。哪种最后训练误差最小？',
    },
    options: [
      { id: 'smallest', text: { en: 'the smallest batch', zh: '最小的批量' } },
      { id: 'between', text: { en: 'one in between', zh: '中间的批量' } },
      { id: 'largest', text: { en: 'the largest batch', zh: '最大的批量' } },
      { id: 'alike', text: { en: 'all alike, within 1 %', zh: '都差不多，相差 1 % 以内' } },
    ],
    outcome({ measures }, { batches }) {
      const { best, worst } = extremes(measures, batches);
      if (worst.ratio <= (1 + ALIKE) * best.ratio) return 'alike';
      if (best.batch === Math.min(...batches)) return 'smallest';
      return best.batch === Math.max(...batches) ? 'largest' : 'between';
    },
    why: ({ measures }, { batches }) => {
      const { best, worst } = extremes(measures, batches);
      return worst.ratio <= (1 + ALIKE) * best.ratio
        ? {
            en: 'A larger batch makes fewer updates, but its gradient is less noisy and bears a larger rate.',
            zh: '批量越大，更新次数越少，但梯度噪声更小，承受得起更大的学习率。',
          }
        : {
            en: `At its best rate B = ${worst.batch} still ends ${num(worst.ratio / best.ratio)} times as high as B = ${best.batch}: so few epochs do not suffice for it.`,
            zh: `即使用最好的学习率，B = ${worst.batch} 的误差仍是 B = ${best.batch} 的 ${num(worst.ratio / best.ratio)} 倍：对它来说遍数太少。`,
          };
    },
  },
});

/** The batch sizes with the least and the largest error, each at its best rate. */
function extremes(measures: Readonly<Record<string, number>>, batches: readonly number[]) {
  const sorted = batches.map((batch) => ({ batch, ratio: measures[`tuned-ratio:${batch}`]! })).sort((a, b) => a.ratio - b.ratio);
  return { best: sorted[0]!, worst: sorted.at(-1)! };
}

/** `B = 32: 1.002 (η = 0.08, 80 updates)` without words, so that it serves both languages. */
function tunedFact(measures: Readonly<Record<string, number>>, batch: number): string {
  return `B = ${batch}: ${num(measures[`tuned-ratio:${batch}`]!, 4)} (η = ${measures[`tuned-rate:${batch}`]}, ×${measures[`updates:${batch}`]})`;
}

function tunedTitle(measures: Readonly<Record<string, number>>, batches: readonly number[]): Localized {
  const { best, worst } = extremes(measures, batches);
  const above = worst.ratio - 1;
  if (above > ALIKE)
    return batches.length > 1 && worst.ratio > (1 + ALIKE) * best.ratio
      ? {
          en: `Each at its best rate, B = ${worst.batch} ends at ${num(worst.ratio)} times the floor, B = ${best.batch} at ${num(best.ratio)}`,
          zh: `各用最好的学习率，B = ${worst.batch} 停在下限的 ${num(worst.ratio)} 倍，B = ${best.batch} 为 ${num(best.ratio)} 倍`,
        }
      : {
          en: `At the best rate the error is ${num(worst.ratio)} times the least possible`,
          zh: `用最好的学习率，误差是可能最小值的 ${num(worst.ratio)} 倍`,
        };
  // Rounded up, so that “within” holds.
  const within = `${Math.max(1, Math.ceil(above * 1000)) / 10} %`;
  return batches.length > 1
    ? {
        en: `Each at its own learning rate, all batch sizes end within ${within} of the floor`,
        zh: `各用自己的学习率，所有批量的误差都在下限之上 ${within} 以内`,
      }
    : {
        en: `At its best learning rate B = ${batches[0]} ends within ${within} of the floor`,
        zh: `用最好的学习率，B = ${batches[0]} 的误差在下限之上 ${within} 以内`,
      };
}

/** The error at the shared rate, and what is wrong with that rate for this batch size, if anything is. */
function sharedFact(measures: Readonly<Record<string, number>>, batch: number, rate: number, locale: Locale): string {
  const [tuned, ratio, updates] = [`tuned-rate:${batch}`, `ratio:${batch}`, `updates:${batch}`].map((key) => measures[key]!) as [
    number,
    number,
    number,
  ];
  const fact = `B = ${batch} ${num(measures[`mse:${batch}`]!)}`;
  if (ratio <= (1 + AS_GOOD) * measures[`tuned-ratio:${batch}`]!)
    return fact + localize({ en: ', as good as its best', zh: '，与最好的相当' }, locale);
  return rate < tuned
    ? fact +
        localize(
          {
            en: `, too few steps at this rate (${updates}; its best is ${tuned})`,
            zh: `，这个学习率下步数太少（${updates} 步；最好为 ${tuned}）`,
          },
          locale,
        )
    : fact + localize({ en: `, too large a rate for it (its best is ${tuned})`, zh: `，学习率对它太大（最好为 ${tuned}）` }, locale);
}

function checks(
  measures: Record<string, number>,
  batches: readonly number[],
  { epochs, rate, seeds }: { epochs: number; rate: number; seeds: number },
): DemoCheck[] {
  const found: DemoCheck[] = [
    {
      id: 'least',
      claim: { en: 'least squares: σ²(1 − d/N)', zh: '最小二乘：σ²(1 − d/N)' },
      predicted: NOISE ** 2 * (1 - D / N),
      // Three and a half standard errors: one data set scatters by σ²√(2/N).
      tolerance: (3.5 * NOISE ** 2 * Math.sqrt(2 / N)) / Math.sqrt(seeds),
    },
    ...batches.map((batch) => ({
      id: `updates:${batch}`,
      claim: { en: `B = ${batch}: updates in ${count(epochs, 'epoch')}`, zh: `B = ${batch}：${epochs} 遍的更新次数` },
      predicted: epochs * Math.ceil(N / batch),
      tolerance: 0,
    })),
  ];
  // A last batch that is smaller than the others is noisier than they are; nothing is known of that.
  for (const batch of batches.filter((size) => epochs >= 5 && N % size === 0))
    found.push({
      id: `tuned-ratio:${batch}`,
      claim: {
        en: `B = ${batch} at its best rate reaches the floor (MSE over least squares)`,
        zh: `B = ${batch} 用最好的学习率到达下限（均方误差与最小二乘之比）`,
      },
      predicted: 1,
      tolerance: batch === N ? 0.002 : 0.008,
    });
  if ([1, 32, N].every((size) => batches.includes(size)) && epochs === 5 && rate === 0.05) {
    measures.order = measures['mse:32']! < measures['mse:1']! && measures['mse:1']! < measures[`mse:${N}`]! ? 1 : 0;
    found.push({
      id: 'order',
      claim: {
        en: 'all at η = 0.05, the errors are in the order 32 < 1 < 512 (1 = yes)',
        zh: '共用 η = 0.05 时，误差的顺序为 32 < 1 < 512（1 = 是）',
      },
      predicted: 1,
      tolerance: 0,
    });
  }
  return found;
}
