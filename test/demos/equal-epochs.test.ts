import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { type Outcome, told } from '../../src/demos/demo.ts';
import { type AnyParams, validateParams } from '../../src/demos/params.ts';
import { createRng } from '../../src/demos/random.ts';
import demo from '../../src/experiments/optimization/equal-epochs.ts';

async function run(given: Record<string, unknown>, seed = 7): Promise<{ outcome: Outcome; params: AnyParams }> {
  const params = validateParams(demo.name, demo.params, given);
  if (typeof demo.run !== 'function') throw new Error('it comes in parts');
  return { params, outcome: await demo.run({ tf, rng: createRng(seed), seed, progress: () => {} }, params) };
}

it('finds a rate for every batch size at which it reaches the least-squares floor, in any run', async () => {
  for (const seed of [1, 2, 3]) {
    const { outcome, params } = await run({}, seed);
    for (const batch of [1, 32, 512]) {
      expect(outcome.measures[`tuned-ratio:${batch}`]).toBeGreaterThanOrEqual(1);
      expect(outcome.measures[`tuned-ratio:${batch}`]).toBeLessThan(batch === 512 ? 1.002 : 1.008);
    }
    // η × updates is what they share (the linear scaling rule).
    for (const batch of [1, 32, 512]) expect(Math.abs(outcome.measures[`rate-times-updates:${batch}`]! - 5)).toBeLessThan(2);
    expect(demo.predict.outcome(outcome, params)).toBe('alike');
  }
});

it('says of the shared rate what is wrong with it for each batch size', async () => {
  const { outcome, params } = await run({});
  expect(demo.reading(outcome, params, 'en')).toMatch(
    /B = 1 [\d.]+, too large a rate .*B = 32 [\d.]+, as good .*B = 512 [\d.]+, too few steps at this rate \(5;/,
  );
  expect(demo.reading(outcome, params, 'zh')).toMatch(/B = 512 [\d.]+，这个学习率下步数太少（5 步/);
  // Ten times smaller: now it suits single examples, and 32 has too few steps as well.
  const small = await run({ rate: 0.0025 });
  expect(demo.reading(small.outcome, small.params, 'en')).toMatch(
    /B = 1 [\d.]+, as good .*B = 32 [\d.]+, too few steps at this rate \(80;/,
  );
});

it('answers the vote, and says why, also where one epoch is too little for the full batch', async () => {
  const { outcome, params } = await run({ epochs: 1, batches: '512,2' });
  expect(demo.predict.outcome(outcome, params)).toBe('smallest');
  expect(told(demo.predict.why, outcome, params).en).toMatch(/^At its best rate B = 512 still ends [\d.]+ times as high as B = 2/);
  expect(demo.chart(outcome, params, 'en').title).toMatch(/B = 512 ends at/);
});

it('takes whole batch sizes only', () => {
  expect(() => validateParams(demo.name, demo.params, { batches: '1.5' })).toThrow('parameter-out-of-range');
});
