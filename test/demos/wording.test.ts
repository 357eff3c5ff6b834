import { expect, it } from 'vitest';
import { compare, predictionText } from '../../src/demos/checks.ts';
import { within } from '../../src/demos/demo.ts';
import { count, finePercent, num, percent } from '../../src/demos/lib/format.ts';
import { deltaFactor } from '../../src/demos/lib/mean-field.ts';
import { worseFrom } from '../../src/demos/lib/stats.ts';
import { claimCheck } from '../../src/demos/present.ts';
import { read } from './sweep/truth.ts';

it('words every finite number, and none that is not', () => {
  for (const value of [0, 1, -0.5, 0.0012, 1e-5, 9.97e-6, -1.2e45, 9.99e99, 5e-324, 1.7e308, 99_999])
    expect(Math.abs(read(num(value)) - value), num(value)).toBeLessThanOrEqual(0.05 * Math.abs(value) + 1e-300);
  expect([num(9.97e45), num(-1e-5), num(1.25e-7)]).toEqual(['10⁴⁶', '−10⁻⁵', '1.3·10⁻⁷']);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(() => num(value)).toThrow('is put into words');
    expect(() => percent(value)).toThrow('is put into words');
  }
});

it('does not round a little to nothing', () => {
  expect([0, 0.002, 0.5, 0.9997, 1, 1 - 1e-12].map(finePercent)).toEqual(['0 %', '0.2 %', '50 %', '99.97 %', '100 %', '100 %']);
  expect([count(1, 'layer'), count(2, 'layer')]).toEqual(['1 layer', '2 layers']);
});

it('reads a range as a range and an exact value as one', () => {
  const text = { en: '', zh: '' };
  expect(predictionText(within(1, 20))).toBe('1 … 20');
  expect(predictionText(within(0, 1e-11))).toBe('0 … 10⁻¹¹');
  expect(predictionText({ predicted: 232, tolerance: 0 })).toBe('232');
  expect(predictionText({ predicted: 0.23, tolerance: 0.01 })).toBe('0.23 ± 0.01');
  const claim = claimCheck({ id: 'x', text, demo: 'd', params: {}, measure: 'm', range: [0, 0.3] });
  // Both ends belong to it, whatever the middle rounds to.
  for (const [m, ok] of [
    [0, true],
    [0.3, true],
    [0.3000001, false],
    [-1e-9, false],
  ] as const)
    expect(compare([claim], { m }, 'en')[0]!.ok).toBe(ok);
});

it('finds from where on a run is worse than at its start', () => {
  expect(worseFrom([1, 0.9, 1.1, 0.8])).toBeUndefined();
  expect(worseFrom([1, 1.1, 1.2])).toBe(1);
  expect(worseFrom([1, 0.5, 1.5, Number.NaN])).toBe(2);
});

it('predicts the factor of δ by depth', () => {
  expect(deltaFactor('relu', 2, 50)).toBeCloseTo(1, 3);
  expect(deltaFactor('relu', 1, 10)).toBeCloseTo(Math.SQRT1_2, 3);
  expect(deltaFactor('linear', 1.5 ** 2, 20)).toBeCloseTo(1.5, 6);
  // tanh at 1/n shrinks towards its linear part, so that deeper nets lose less per layer (measured: .867, .912).
  expect(deltaFactor('tanh', 1, 10)).toBeCloseTo(0.8685, 3);
  expect(deltaFactor('tanh', 1, 20)).toBeCloseTo(0.9175, 3);
});
