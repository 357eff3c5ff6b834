import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { compare } from '../../src/demos/checks.ts';
import { type Outcome, told } from '../../src/demos/demo.ts';
import { type AnyParams, validateParams } from '../../src/demos/params.ts';
import { createRng } from '../../src/demos/random.ts';
import demo from '../../src/experiments/optimization/gradient-descent.ts';

function run(given: Record<string, unknown>): { outcome: Outcome; params: AnyParams } {
  const params = validateParams(demo.name, demo.params, given);
  if (typeof demo.run !== 'function') throw new Error('it comes in parts');
  return { params, outcome: demo.run({ tf, rng: createRng(1), seed: 1, progress: () => {} }, params) as Outcome };
}

it('measures √β with momentum, not single steps of a path that oscillates', () => {
  // The best setting for κ = 25: (√κ − 1)/(√κ + 1) = √β = 2/3; and one between, where both directions turn.
  for (const [rate, momentum, factor] of [
    [1 / 9, 4 / 9, 2 / 3],
    [0.05, 0.8, Math.sqrt(0.8)],
    [0.02, 0.95, Math.sqrt(0.95)],
  ] as const) {
    const { outcome } = run({ rates: rate, momentum, steps: 400 });
    const [check] = compare(outcome.checks, outcome.measures, 'en');
    expect(check!.predicted).toBeCloseTo(factor, 6);
    expect(Math.abs(check!.measured - factor)).toBeLessThan(0.01);
    expect(check!.ok).toBe(true);
  }
});

it('counts divergence from where it began, and cuts the run where it leaves the numbers', () => {
  const { outcome } = run({ rates: 3, curvature: 1000, steps: 1000 });
  expect(outcome.diverged).toEqual([{ name: 'η = 3', step: 1 }]);
  expect(outcome.measures['contraction:3']).toBeCloseTo(2999, 6);
  for (const { y } of outcome.series) expect(y.every(Number.isFinite)).toBe(true);
});

it('has a factor where the minimum is reached, exactly or too near to tell', () => {
  expect(run({ rates: 1, curvature: 1 }).outcome.measures['contraction:1']).toBe(0);
  expect(run({ rates: 0.9, curvature: 1, steps: 1000 }).outcome.measures['contraction:0.9']).toBeCloseTo(0.1, 6);
});

it('asks about the rates that were given', () => {
  const { params, outcome } = run({ rates: '0.5,0.1', curvature: 4 });
  expect(told(demo.predict.question, params).en).toBe('Curvatures 1 and 4. The rate goes from 0.5 to 0.1. What happens?');
  expect(demo.predict.outcome(outcome, params)).toBe('faster');
  const one = run({ rates: '0.6', curvature: 4 });
  expect(demo.predict.outcome(one.outcome, one.params)).toBe('diverges');
});
