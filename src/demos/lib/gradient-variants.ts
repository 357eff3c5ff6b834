import type { Localized } from '../../core/locale.ts';
import type { Activation } from './backprop.ts';

export interface Variant {
  /** `relu/he`: the second half of the measure keys. */
  id: string;
  activation: Activation;
  /** Var W · n. */
  variance: number;
}

/** Which initialisations a run compares. ReLU is shown with both, since the factor 2 is what He et al. added. */
export function variants(activations: readonly Activation[], init: 'compare' | 'lecun' | 'he'): Variant[] {
  return activations.flatMap((activation) => {
    const lecun = { id: `${activation}/lecun`, activation, variance: 1 };
    const he = { id: `${activation}/he`, activation, variance: 2 };
    if (init === 'lecun') return [lecun];
    if (init === 'he' || activation === 'relu-bn') return [he];
    return activation === 'relu' ? [lecun, he] : [lecun];
  });
}

/** Per-layer factor of δ that theory gives, where it gives one, and how far a run of 20 seeds may be off. */
export const PREDICTED: Record<string, { factor: number; tolerance: number; why: Localized } | undefined> = {
  'sigmoid/lecun': {
    factor: 0.23,
    tolerance: 0.01,
    why: {
      en: 'sigmoid keeps about 23 % of δ per layer (σ′ ≤ ¼)',
      zh: 'sigmoid 每层只保留约 23 % 的 δ（σ′ ≤ ¼）',
    },
  },
  'tanh/lecun': {
    factor: 0.861,
    tolerance: 0.02,
    why: { en: 'tanh with Var W = 1/n keeps about 86 %', zh: 'tanh（Var W = 1/n）每层保留约 86 %' },
  },
  'relu/lecun': {
    factor: Math.SQRT1_2,
    tolerance: 0.02,
    why: { en: 'ReLU with Var W = 1/n multiplies by 1/√2', zh: 'ReLU（Var W = 1/n）每层乘 1/√2' },
  },
  'relu/he': {
    factor: 0.99,
    tolerance: 0.04,
    why: { en: 'ReLU with He’s Var W = 2/n keeps δ', zh: 'ReLU 配 He 初始化（Var W = 2/n）基本保持 δ' },
  },
  'linear/lecun': {
    factor: 0.99,
    tolerance: 0.02,
    why: { en: 'a linear net with gain 1 keeps δ', zh: '增益为 1 的线性网络保持 δ' },
  },
};

export const NAMES: Record<string, Localized> = {
  'sigmoid/lecun': { en: 'sigmoid, Var W = 1/n', zh: 'sigmoid，Var W = 1/n' },
  'sigmoid/he': { en: 'sigmoid, Var W = 2/n', zh: 'sigmoid，Var W = 2/n' },
  'tanh/lecun': { en: 'tanh, Var W = 1/n', zh: 'tanh，Var W = 1/n' },
  'tanh/he': { en: 'tanh, Var W = 2/n', zh: 'tanh，Var W = 2/n' },
  'relu/lecun': { en: 'ReLU, Var W = 1/n', zh: 'ReLU，Var W = 1/n' },
  'relu/he': { en: 'ReLU, Var W = 2/n (He)', zh: 'ReLU，Var W = 2/n（He）' },
  'linear/lecun': { en: 'linear, Var W = 1/n', zh: '线性，Var W = 1/n' },
  'linear/he': { en: 'linear, Var W = 2/n', zh: '线性，Var W = 2/n' },
  'relu-bn/lecun': { en: 'ReLU + BatchNorm', zh: 'ReLU + 批归一化' },
  'relu-bn/he': { en: 'ReLU + BatchNorm', zh: 'ReLU + 批归一化' },
};
