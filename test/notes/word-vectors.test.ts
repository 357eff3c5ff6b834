import { expect, it } from 'vitest';
import { termsOf, weighted } from '../../src/notes/terms.ts';
import { likeness, middleOf, placeOf, RANK } from '../../src/notes/word-vectors.ts';

const place = (text: string) => placeOf(weighted(termsOf(text)));

it.each([
  ['why do gradients become tiny in deep networks', '深层网络的梯度为什么会消失', 'how many clusters should I pick'],
  ['how do I shrink a model for my phone', '模型压缩到手机上', '词向量怎么训练'],
])('“%s” lies nearer to “%s” than to “%s”', (question, same, other) => {
  expect(likeness(place(question), place(same))).toBeGreaterThan(likeness(place(question), place(other)) + 0.2);
});

it('a word that the table does not hold is like itself and no other', () => {
  expect(place('zyxophone')).toHaveLength(RANK);
  expect(likeness(place('zyxophone'), place('the zyxophone'))).toBeCloseTo(1, 5);
  expect(likeness(place('zyxophone'), place('quuxilator'))).toBeLessThan(0.5);
});

it('no words are nowhere, and like nothing', () => {
  expect(placeOf(new Map())).toBeUndefined();
  expect([likeness(undefined, place('dropout')), middleOf([undefined])]).toEqual([0, undefined]);
});
