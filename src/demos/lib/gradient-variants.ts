import type { Localized } from '../../core/locale.ts';
import type { Activation } from './backprop.ts';
import { deltaFactor } from './mean-field.ts';

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

/** How far networks scatter and theory is off, in units of 1/√(n·(L − 1)) and 1/n: from 60 nets at each of 7 shapes. */
const SCATTER: Record<string, { sd: number; bias: number }> = {
  'sigmoid/lecun': { sd: 0.77, bias: 0.3 },
  'sigmoid/he': { sd: 0.8, bias: 0.4 },
  'tanh/lecun': { sd: 0.67, bias: 0.25 },
  'tanh/he': { sd: 0.55, bias: 0.8 },
  'linear/lecun': { sd: 0.7, bias: 0.1 },
  'linear/he': { sd: 0.7, bias: 0.1 },
};

/**
 * The factor of ‖δ‖ per layer that mean-field theory gives for these networks, with three standard errors as tolerance:
 * the factor at infinite width times e^(−1/(2n)), by which the geometric mean lies below it (Hanin 2018).
 */
export function predictedFactor(
  { id, activation, variance }: Variant,
  { depth, width, seeds }: { depth: number; width: number; seeds: number },
): { factor: number; tolerance: number } | undefined {
  // With fewer seeds or narrower layers the mean scatters too much to say anything.
  if (activation === 'relu-bn' || seeds < 10 || depth < 3 || width < 48) return undefined;
  const factor = deltaFactor(activation, variance, depth) * Math.exp(-1 / (2 * width));
  // ReLU scatters more the deeper it is.
  const { sd, bias } = SCATTER[id] ?? { sd: Math.sqrt(0.2 + 0.012 * depth), bias: 0.3 };
  return { factor, tolerance: factor * ((3 * sd) / Math.sqrt(width * (depth - 1) * seeds) + bias / width) };
}

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
