import type { Localized } from '../../core/locale.ts';

/** What the measures and series of `equal-epochs` are called. */
export const names: Record<string, Localized> = {
  least: { en: 'MSE of least squares', zh: '最小二乘的均方误差' },
  updates: { en: 'updates, B', zh: '更新次数，B' },
  'tuned-rate': { en: 'best learning rate, B', zh: '最好的学习率，B' },
  'tuned-ratio': { en: 'MSE over least squares at the best rate, B', zh: '学习率最好时均方误差与最小二乘之比，B' },
  'rate-times-updates': { en: 'best rate × updates, B', zh: '最好的学习率 × 更新次数，B' },
  mse: { en: 'MSE at the shared rate, B', zh: '共用学习率时的均方误差，B' },
  ratio: { en: 'MSE over least squares at the shared rate, B', zh: '共用学习率时均方误差与最小二乘之比，B' },
  order: { en: 'order of the errors is 32 < 1 < 512 (1 = yes)', zh: '误差的顺序为 32 < 1 < 512（1 = 是）' },
  tuned: { en: 'MSE over least squares by rate, B', zh: '均方误差与最小二乘之比（按学习率），B' },
};
