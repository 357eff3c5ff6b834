import { type Locale, type Localized, localize } from '../../core/locale.ts';
import { NAMES as VARIANTS } from './gradient-variants.ts';

/** Words for the parts of a key, such as `weight-factor` and `relu/he`, by experiment. What is a number stays one. */
const WORDS: Record<string, Record<string, Localized>> = {
  'gradient-norms': {
    ...VARIANTS,
    ratio: { en: '‖δ‖ at layer 1 over the top layer', zh: '第 1 层与顶层的 ‖δ‖ 之比' },
    factor: { en: '‖δ‖ per layer', zh: '‖δ‖ 的每层因子' },
    'weight-ratio': { en: '‖∂L/∂W‖ at layer 1 over the top layer', zh: '第 1 层与顶层的 ‖∂L/∂W‖ 之比' },
    'weight-factor': { en: '‖∂L/∂W‖ per layer', zh: '‖∂L/∂W‖ 的每层因子' },
    bound: { en: 'share of the bound ¼·‖W‖₂', zh: '占上界 ¼·‖W‖₂ 的比例' },
    dead: { en: 'nets without gradient', zh: '不传梯度的网络数' },
    delta: { en: '‖δ‖', zh: '‖δ‖' },
    weight: { en: '‖∂L/∂W‖', zh: '‖∂L/∂W‖' },
  },
  'training-plateau': {
    loss: { en: 'final loss', zh: '最终损失' },
    'worst-loss': { en: 'final loss, worst net', zh: '最终损失（最差的网络）' },
    gap: { en: 'distance from ln 2', zh: '与 ln 2 的差距' },
    accuracy: { en: 'accuracy', zh: '准确率' },
    lost: { en: 'nets that diverged', zh: '发散的网络数' },
    'relu-he': { en: 'ReLU with He’s initialisation', zh: 'ReLU 配 He 初始化' },
    'sigmoid-bn': { en: 'sigmoid + BatchNorm', zh: 'sigmoid + 批归一化' },
    linear: { en: 'no activation', zh: '没有激活函数' },
    'relu-residual': { en: 'ReLU with residual connections', zh: 'ReLU 加残差连接' },
  },
  'linear-depth': { factor: { en: '‖δ‖ per layer, gain', zh: '‖δ‖ 的每层因子，增益' } },
  'residual-depth': {
    plain: { en: 'plain', zh: '普通' },
    residual: { en: 'residual', zh: '残差' },
    'zero-init': { en: 'residual, zero-initialised', zh: '残差，零初始化' },
  },
  saturation: {
    start: { en: 'output at the start', zh: '开始时的输出' },
    step: { en: 'first step below ½', zh: '首次低于 ½ 的步' },
    mse: { en: 'squared error', zh: '平方误差' },
    'cross-entropy': { en: 'cross-entropy', zh: '交叉熵' },
    slope: { en: 'slope σ′ at z', zh: '斜率 σ′，z' },
    saturated: { en: 'share of saturated units, spread', zh: '饱和单元的比例，标准差' },
    drawn: { en: 'pre-activations, spread', zh: '预激活值，标准差' },
  },
  'gradient-direction': {
    norm: { en: '‖∇f‖', zh: '‖∇f‖' },
    'peak-angle': { en: 'steepest direction (degrees)', zh: '最陡的方向（度）' },
    'peak-height': { en: 'largest slope', zh: '最大斜率' },
    'gradient-x': { en: '∂f/∂x', zh: '∂f/∂x' },
    'gradient-y': { en: '∂f/∂y', zh: '∂f/∂y' },
    slope: { en: 'slope', zh: '斜率' },
  },
  'gradient-descent': {
    contraction: { en: 'factor per step, η', zh: '每步因子，η' },
    'best-contraction': { en: 'smallest factor per step', zh: '最小的每步因子' },
    norm: { en: 'distance from the minimum, η', zh: '到极小值的距离，η' },
    path: { en: 'path (x, y), η', zh: '路径 (x, y)，η' },
  },
  'batch-noise': {
    slope: { en: 'slope over B (log–log)', zh: '随 B 的斜率（双对数）' },
    noise: { en: 'variance of the gradient, B', zh: '梯度方差，B' },
    'finite-correction': { en: 'variance without over with replacement, B', zh: '不放回与放回的方差之比，B' },
    with: { en: 'with replacement', zh: '放回抽样' },
    without: { en: 'without replacement', zh: '不放回抽样' },
  },
  'sgd-floor': { floor: { en: 'mean of x² over the second half, η', zh: '后半程 x² 的平均，η' }, decay: { en: 'η = 1/t', zh: 'η = 1/t' } },
  'equal-epochs': {
    least: { en: 'MSE of least squares', zh: '最小二乘的均方误差' },
    updates: { en: 'updates, B', zh: '更新次数，B' },
    'tuned-rate': { en: 'best learning rate, B', zh: '最好的学习率，B' },
    'tuned-ratio': { en: 'MSE over least squares at the best rate, B', zh: '学习率最好时均方误差与最小二乘之比，B' },
    'rate-times-updates': { en: 'best rate × updates, B', zh: '最好的学习率 × 更新次数，B' },
    mse: { en: 'MSE at the shared rate, B', zh: '共用学习率时的均方误差，B' },
    ratio: { en: 'MSE over least squares at the shared rate, B', zh: '共用学习率时均方误差与最小二乘之比，B' },
    order: { en: 'order of the errors is 32 < 1 < 512 (1 = yes)', zh: '误差的顺序为 32 < 1 < 512（1 = 是）' },
    tuned: { en: 'MSE over least squares by rate, B', zh: '均方误差与最小二乘之比（按学习率），B' },
  },
  'batchnorm-grid': {
    trained: { en: 'combinations that train', zh: '训练成功的组合数' },
    gains: { en: 'weight scales at which something trains', zh: '能训练成功的权重尺度数' },
    rates: { en: 'learning rates at which something trains', zh: '能训练成功的学习率数' },
    bn: { en: 'with BatchNorm', zh: '加批归一化' },
    plain: { en: 'without BatchNorm', zh: '不加批归一化' },
  },
  'batchnorm-statistics': {
    'running-mean': { en: 'running mean over batch mean, step', zh: '滑动均值与批均值之比，步' },
    'evaluated-mean': { en: 'mean output in evaluation mode, step', zh: '评估模式下的平均输出，步' },
    'batch-of-one': { en: 'batch of one: largest difference from β', zh: '批量为 1：与 β 的最大差值' },
    'loss-change': { en: 'change of the loss, weights ×', zh: '损失的变化，权重 ×' },
    'gradient-scaling': { en: 'gradient × scale over the gradient before, weights ×', zh: '梯度 × 倍数与原梯度之比，权重 ×' },
    'running mean': { en: 'running mean over batch mean', zh: '滑动均值与批均值之比' },
    evaluated: { en: 'mean output in evaluation mode', zh: '评估模式下的平均输出' },
  },
  'bagging-variance': {
    variance: { en: 'variance, trees', zh: '方差，树的数量' },
    predicted: { en: 'variance by the formula, trees', zh: '公式给出的方差，树的数量' },
    correlation: { en: 'correlation ρ', zh: '相关系数 ρ' },
    'relative-error': { en: 'measured over formula, minus 1', zh: '实测与公式之比减 1' },
    floor: { en: 'ρσ²', zh: 'ρσ²' },
    measured: { en: 'measured variance', zh: '实测方差' },
  },
  'dropout-ridge': {
    error: { en: 'relative distance from the ridge weights, p', zh: '与岭回归权重的相对距离，p' },
    norm: { en: 'norm of the weights, p', zh: '权重的模，p' },
  },
  'boosting-residuals': {
    'train-mse': { en: 'training MSE, ν', zh: '训练均方误差，ν' },
    'test-mse': { en: 'test MSE, ν', zh: '测试均方误差，ν' },
    train: { en: 'training MSE, ν', zh: '训练均方误差，ν' },
    test: { en: 'test MSE, ν', zh: '测试均方误差，ν' },
    monotone: { en: 'training MSE never rises (1 = yes), ν', zh: '训练均方误差从不上升（1 = 是），ν' },
    'identity-error': { en: 'largest deviation from −ν(2 − ν)·mean(h²)', zh: '与 −ν(2 − ν)·mean(h²) 的最大偏差' },
    'gradient-gap': { en: 'mean distance of negative gradient and residual', zh: '负梯度与残差的平均距离' },
    gradient: { en: 'negative gradient', zh: '负梯度' },
    squared: { en: 'squared', zh: '平方' },
    absolute: { en: 'absolute', zh: '绝对值' },
    huber: { en: 'Huber', zh: 'Huber' },
  },
  'bert-layers': {
    'hidden-states': { en: 'hidden states', zh: '隐藏状态数' },
    'bank-cosine': { en: '“bank”: smallest cosine, index', zh: '“bank”的最小余弦，下标' },
    'cls-cosine': { en: '[CLS]: smallest cosine, index', zh: '[CLS] 的最小余弦，下标' },
    'cls-1nn': { en: '[CLS] tells topics apart, index', zh: '[CLS] 区分主题的正确率，下标' },
    'mean-1nn': { en: 'mean of tokens tells topics apart, index', zh: '各词平均区分主题的正确率，下标' },
    'topic-gap': { en: '“bank”: cosine within less across topics, index', zh: '“bank”同主题与不同主题的余弦差，下标' },
    'same-position-cosine': { en: '“bank”: mean cosine, index', zh: '“bank”的平均余弦，下标' },
    loss: { en: 'training loss', zh: '训练损失' },
    same: { en: '“bank”, same topic', zh: '“bank”，同一主题' },
    different: { en: '“bank”, different topics', zh: '“bank”，不同主题' },
    nearest: { en: '[CLS] tells topics apart', zh: '[CLS] 区分主题的正确率' },
    'nearest-mean': { en: 'mean of tokens tells topics apart', zh: '各词平均区分主题的正确率' },
  },
};

/** A measure or a series as people read it: `weight-factor:relu/he` → `‖∂L/∂W‖ per layer ReLU, Var W = 2/n (He)`. */
export function nameOf(demo: string, key: string, locale: Locale): string {
  const words = WORDS[demo] ?? {};
  const parts = key.split(':').map((part) => {
    const known = Object.hasOwn(words, part) ? words[part] : undefined;
    return known ? localize(known, locale) : part;
  });
  const [first, ...rest] = parts;
  return rest.length === 0 ? first! : `${first}${/[\d.]$/.test(key) ? ' = ' : ': '}${rest.join(': ')}`;
}
