import { type Locale, localize } from '../core/locale.ts';
import { parsePairs } from '../core/options.ts';
import { visible } from '../core/visible.ts';
import type { Demo } from './demo.ts';
import { type Param, rangeOf } from './params.ts';

/** What the experiments' parameters are called in Chinese; they may be typed so too. Their keys are the English names. */
const CHINESE: Readonly<Record<string, string>> = {
  depth: '深度',
  width: '宽度',
  activations: '激活函数',
  init: '初始化',
  seeds: '重复次数',
  show: '显示',
  remedies: '对策',
  steps: '步数',
  rate: '学习率',
  gains: '增益',
  depths: '深度列表',
  weight: '权重',
  bias: '偏置',
  spreads: '标准差',
  threshold: '阈值',
  x: '横坐标',
  y: '纵坐标',
  rates: '学习率列表',
  curvature: '曲率',
  momentum: '动量',
  batches: '批量大小',
  draws: '抽样次数',
  epochs: '轮数',
  scales: '缩放倍数',
  trees: '树的数量',
  datasets: '数据集个数',
  noise: '噪声',
  rounds: '提升轮数',
  layers: '层数',
  shift: '平移',
  size: '边长',
  images: '图像数',
  channels: '通道数',
  biases: '偏置列表',
  pairs: '分量对数',
  base: '底数',
  longest: '位置个数',
  temperature: '温度',
  words: '词数',
  spread: '标准差大小',
  sharpness: '放大倍数',
  distances: '距离列表',
  prevalence: '正例比例',
  points: '点数',
  gap: '最小距离',
  most: '最大值',
  starts: '初始化次数',
  samples: '样本数',
  dimension: '维数',
  spikes: '突出方差',
  distance: '距离',
  margin: '间隔',
  features: '特征数',
  ratio: '倍数',
  correlation: '相关系数',
  mean: '均值',
  merges: '合并次数',
  newest: 'newest次数',
  widest: 'widest次数',
  tokens: '词元数',
  ranks: '秩列表',
  decay: '衰减',
  negatives: '负样本数',
  outlier: '离群值',
  bits: '位数',
  median: '中位数',
  exponent: '指数',
  penalty: '惩罚',
  models: '模型数',
  length: '句长',
  ending: '结束概率',
  signal: '信号',
};

const ENGLISH = new Map(Object.entries(CHINESE).map(([key, name]) => [name, key]));

/** Parameters under their own keys, whichever language they were named in. */
export function toKeys(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [ENGLISH.get(name) ?? name, value]));
}

/**
 * What can be typed next for an experiment's parameters: a name that is not given yet, with its default, or the
 * value of the one that is being typed.
 * @param typed the last word, such as `wid`, `深` or `init:h`
 * @param before what stands before it: parameters by name, or as text
 */
export function suggestParams(demo: Demo, typed: string, before: unknown, locale: Locale): { value: string; label: string }[] {
  const given = toKeys(typeof before === 'string' ? parsePairs(before) : ((before ?? {}) as Record<string, string>));
  const [, name = '', value] = /^([^:=\uFF1A]*)(?:[:=\uFF1A](.*))?$/su.exec(visible(typed).trim().toLowerCase()) ?? [];
  const open = Object.entries(demo.params).filter(([key]) => !Object.hasOwn(given, key));
  const label = (key: string, param: Param) => {
    const chinese = locale === 'zh' && CHINESE[key] ? `（${CHINESE[key]}）` : '';
    const told = localize(param.description, locale);
    return locale === 'zh' ? `${key}${chinese}：${told}（${rangeOf(param)}）` : `${key}${chinese}: ${told} (${rangeOf(param)})`;
  };
  if (value !== undefined) {
    const key = ENGLISH.get(name) ?? name;
    const param = open.find(([one]) => one === key)?.[1];
    return param ? valuesOf(param, value).map((text) => ({ value: `${key}:${text}`, label: `${key}:${text} – ${label(key, param)}` })) : [];
  }
  const names = ([key, { description }]: [string, Param]) => [key, CHINESE[key] ?? '', description.en, description.zh ?? ''];
  const begins = open.filter((entry) =>
    names(entry)
      .slice(0, 2)
      .some((text) => text.startsWith(name)),
  );
  const holds = open.filter((entry) => !begins.includes(entry) && names(entry).some((text) => text.toLowerCase().includes(name)));
  return [...begins, ...holds].map(([key, param]) => ({ value: `${key}:${String(param.default)}`, label: label(key, param) }));
}

/** Values that go on from what is typed; what is typed itself where it may be anything in a range. */
function valuesOf(param: Param, typed: string): string[] {
  if (param.type === 'boolean') return ['true', 'false'].filter((word) => word.startsWith(typed));
  if (param.type === 'choice') return param.choices.filter((choice) => choice.startsWith(typed));
  if (param.type === 'choices') {
    const done = typed.split(',').slice(0, -1);
    const last = typed.split(',').at(-1)!;
    return param.choices.filter((choice) => choice.startsWith(last) && !done.includes(choice)).map((choice) => [...done, choice].join(','));
  }
  return [typed === '' ? String(param.default) : typed];
}
