import type { Localized } from '../../core/locale.ts';

/** What the measures and series of `training-plateau` are called. */
export const names: Record<string, Localized> = {
  loss: { en: 'final loss', zh: '最终损失' },
  'worst-loss': { en: 'final loss, worst net', zh: '最终损失（最差的网络）' },
  gap: { en: 'distance from ln 2', zh: '与 ln 2 的差距' },
  accuracy: { en: 'accuracy', zh: '准确率' },
  lost: { en: 'nets that diverged', zh: '发散的网络数' },
  'relu-he': { en: 'ReLU with He’s initialisation', zh: 'ReLU 配 He 初始化' },
  'sigmoid-bn': { en: 'sigmoid + BatchNorm', zh: 'sigmoid + 批归一化' },
  linear: { en: 'no activation', zh: '没有激活函数' },
  'relu-residual': { en: 'ReLU with residual connections', zh: 'ReLU 加残差连接' },
};
