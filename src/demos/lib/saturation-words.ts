import type { Localized } from '../../core/locale.ts';
import { num } from './format.ts';

/** How long a neuron is trained. */
export const STEPS = 3000;

export const SATURATION_LOSSES = {
  mse: { en: 'squared error', zh: '平方误差' },
  'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
} as const;

type Measures = Readonly<Record<string, number>>;

/** When the neuron was below ½ with either loss, as a sentence. */
export function passed(measures: Measures): Localized {
  const start = num(measures.start!);
  if (measures['step:mse'] === 0)
    return { en: `The output starts at ${start}, already below ½.`, zh: `输出从 ${start} 开始，本来就低于 ½。` };
  const [mse, entropy] = [at(measures['step:mse']), at(measures['step:cross-entropy'])];
  return {
    en: `Starting at ${start}, the neuron gets below ½ with squared error ${mse.en}, with cross-entropy ${entropy.en}.`,
    zh: `神经元从 ${start} 开始，降到 ½ 以下：平方误差${mse.zh}，交叉熵${entropy.zh}。`,
  };
}

export function titleOf(measures: Measures): Localized {
  if (measures['step:mse'] === 0) return { en: 'The output starts below ½ already', zh: '输出本来就低于 ½' };
  const [mse, entropy] = [at(measures['step:mse']), at(measures['step:cross-entropy'])];
  return {
    en: `Below ½: with squared error ${mse.en}, with cross-entropy ${entropy.en}`,
    zh: `降到 ½ 以下：平方误差${mse.zh}，交叉熵${entropy.zh}`,
  };
}

function at(step: number | undefined): { en: string; zh: string } {
  return step === undefined
    ? { en: `not within ${STEPS} steps`, zh: `在 ${STEPS} 步内做不到` }
    : { en: `at step ${step}`, zh: `第 ${step} 步` };
}
