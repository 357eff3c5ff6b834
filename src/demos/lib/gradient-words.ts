import type { Localized } from '../../core/locale.ts';
import { capital, finePercent, num } from './format.ts';
import { NAMES } from './gradient-variants.ts';

/** What is said of nets through which no gradient passes at all. */
export function deadNets(measures: Readonly<Record<string, number>>): { en: string; zh: string }[] {
  return Object.entries(measures)
    .filter(([key]) => key.startsWith('dead:'))
    .map(([key, count]) => {
      const name = NAMES[key.slice(5)]!;
      return {
        en: `${count} of the nets with ${name.en} let no gradient through (a layer whose units are all off) and are left out.`,
        zh: `${name.zh}：有 ${count} 个网络完全不传梯度（某一层的单元全部关闭），未计入。`,
      };
    });
}

/** The measured factors of one kind, by variant, the one furthest from 1 first. */
export function factors(measures: Readonly<Record<string, number>>, prefix: string): { id: string; factor: number }[] {
  return Object.entries(measures)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, factor]) => ({ id: key.slice(prefix.length), factor }))
    .sort((a, b) => Math.abs(Math.log(b.factor)) - Math.abs(Math.log(a.factor)));
}

/** Variants whose δ shrinks towards the input while the weight gradient hides it: h grows the other way. Sigmoid's h stays near ½. */
export function hidden(measures: Readonly<Record<string, number>>): { id: string; factor: number }[] {
  return factors(measures, 'weight-factor:').filter(
    ({ id, factor }) => measures[`factor:${id}`]! < 0.95 && Math.abs(Math.log(factor)) < 0.1,
  );
}

/** A variant's activation alone, as a title begins. */
export function briefly(id: string): { en: string; zh: string } {
  const { en, zh } = NAMES[id]!;
  return { en: capital(en.split(',')[0]!), zh: zh!.split('，')[0]! };
}

export function weightTitle(measures: Readonly<Record<string, number>>): Localized {
  const flattest = hidden(measures).at(-1);
  if (!flattest) return titleOf(factors(measures, 'weight-factor:'));
  const { en, zh } = briefly(flattest.id);
  const [weight, delta] = [num(flattest.factor), num(measures[`factor:${flattest.id}`]!)];
  return {
    en: `${en}: weight gradients ×${weight} per layer, δ ×${delta}`,
    zh: `${zh}：权重梯度每层 ×${weight}，δ ×${delta}`,
  };
}

export function titleOf([worst]: ReturnType<typeof factors>): Localized {
  if (!worst) return { en: 'No gradient passes through any of these nets', zh: '这些网络都不传梯度' };
  const { en, zh } = briefly(worst.id);
  const change = finePercent(Math.abs(1 - worst.factor));
  if (Math.abs(1 - worst.factor) < 0.005)
    return {
      en: `${en}: the gradient keeps its size (×${num(worst.factor, 4)} per layer)`,
      zh: `${zh}：梯度大小不变（每层 ×${num(worst.factor, 4)}）`,
    };
  if (worst.factor < 1) return { en: `${en} loses ${change} of the gradient per layer`, zh: `${zh} 每层损失 ${change} 的梯度` };
  return { en: `${en}: the gradient grows by ${change} per layer`, zh: `${zh}：梯度每层增大 ${change}` };
}
