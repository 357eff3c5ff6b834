import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/demos/random.ts';
import { distance, guessing, probability, update } from '../../src/learn/elo.ts';
import { GRADES, gradeOf, repeat, retrievability } from '../../src/learn/memory.ts';
import { streakOf } from '../../src/learn/streak.ts';
import { addDays } from '../../src/learn/zone.ts';
import type { Question } from '../../src/quiz/question.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 24, 12);

/** Days between the answers when each is given the moment it is due. */
function intervals(grades: readonly (keyof typeof GRADES)[]): number[] {
  let card: string | undefined;
  let now = START;
  return grades.map((grade) => {
    const next = repeat(card, GRADES[grade], now);
    const days = (next.due - now) / DAY;
    card = next.card;
    now = next.due;
    return days;
  });
}

describe('spacing', () => {
  // FSRS-6 with default weights and no learning steps; worked out with the package's own scheduler.
  it.each([
    [
      ['good', 'good', 'good', 'good'],
      [2, 11, 46, 163],
    ],
    [
      ['again', 'good', 'good', 'good'],
      [1, 2, 6, 17],
    ],
    [
      ['good', 'again', 'good'],
      [2, 1, 3],
    ],
    [
      ['hard', 'hard', 'hard'],
      [1, 3, 7],
    ],
  ] as const)('%j come back after %j days', (grades, expected) => {
    expect(intervals(grades)).toEqual(expected);
  });

  it('maps wrong, right and right after a hint', () => {
    expect([gradeOf(0, false), gradeOf(0.5, false), gradeOf(1, false), gradeOf(1, true), gradeOf(0, true)]).toEqual([
      GRADES.again,
      GRADES.again,
      GRADES.good,
      GRADES.hard,
      GRADES.again,
    ]);
  });

  it('is 90 % sure at the day that it names, and falls with time', () => {
    const first = repeat(undefined, GRADES.good, START);
    const second = repeat(first.card, GRADES.good, first.due);
    expect(retrievability(second.card, second.due)).toBeCloseTo(0.9, 2);
    const curve = [0, 1, 5, 20, 100].map((days) => retrievability(second.card, first.due + days * DAY));
    expect(curve[0]).toBe(1);
    expect(curve).toEqual([...curve].sort((a, b) => b - a));
  });

  it.each([3_600_000, 30 * DAY])('counts days from now, also when the clock has been set back by %d ms', (back) => {
    const first = repeat(undefined, GRADES.good, START);
    const now = START - back;
    // As if the two answers had followed each other at once.
    for (const grade of [GRADES.again, GRADES.good]) {
      const second = repeat(first.card, grade, now);
      expect(second.due - now).toBe(repeat(first.card, grade, START).due - START);
      expect(JSON.parse(second.card).stability).toBe(JSON.parse(repeat(first.card, grade, START).card).stability);
    }
    expect(repeat(first.card, GRADES.again, now).due).toBe(now + DAY);
  });
});

const question = (fields: object) => ({ difficulty: 2, ...fields }) as unknown as Question;
const four = question({ kind: 'single', choices: [{}, {}, {}, {}] });

describe('Elo', () => {
  it('follows p = 1/k + (1 − 1/k)·σ(θ − d)', () => {
    expect(guessing(four)).toBe(0.25);
    expect(probability(0, 0, 0.25)).toBeCloseTo(0.625, 12);
    expect(probability(Math.log(3), 0, 0)).toBeCloseTo(0.75, 12);
    const after = update({ rating: 0, n: 0 }, { rating: 0, n: 20 }, 1, 0.25);
    // K = 1/(1 + 0.05 n): 1 for the newcomer, 1/2 after 20 answers; the surprise is 1 − 0.625.
    expect(after.person.rating).toBeCloseTo(0.375, 12);
    expect(after.item.rating).toBeCloseTo(-0.1875, 12);
  });

  it('finds the difficulty of questions from simulated first answers', () => {
    const rng = createRng(5);
    const truth = Array.from({ length: 20 }, (_, i) => (i - 9.5) / 4);
    const items = truth.map(() => ({ rating: 0, n: 0 }));
    for (let person = 0; person < 150; person++) {
      const ability = rng.normal();
      let rated = { rating: 0, n: 0 };
      for (const i of rng.permutation(truth.length)) {
        const y = rng.uniform() < probability(ability, truth[i]!, 0.25) ? 1 : 0;
        const after = update(rated, items[i]!, y, 0.25);
        rated = after.person;
        items[i] = after.item;
      }
    }
    expect(
      correlation(
        truth,
        items.map(({ rating }) => rating),
      ),
    ).toBeGreaterThan(0.93);
  });

  it('ranks what few have met as on target, and the rest by how far off it is', () => {
    const ranks = [undefined, { rating: 0.0, n: 3 }, { rating: -0.7, n: 50 }, { rating: 3, n: 50 }, { rating: -6, n: 50 }].map((item) =>
      distance(0, item, four, 0.75),
    );
    expect(ranks.slice(0, 3)).toEqual([0, 0, 0]);
    expect(ranks[3]).toBeGreaterThan(5);
    expect(ranks[4]).toBeGreaterThan(3);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (f: (i: number) => number) => a.reduce((sum, _, i) => sum + f(i), 0);
  return dot((i) => (a[i]! - ma) * (b[i]! - mb)) / Math.sqrt(dot((i) => (a[i]! - ma) ** 2) * dot((i) => (b[i]! - mb) ** 2));
}

describe('streak', () => {
  const days = (...offsets: number[]) => offsets.map((offset) => addDays('2026-11-24', offset));
  const on = (...offsets: number[]) => streakOf(days(...offsets), '2026-11-24');

  it.each([
    ['nothing', [], { days: 0, freeze: true, today: false }],
    ['today only', [0], { days: 1, freeze: true, today: true }],
    ['until yesterday', [-2, -1], { days: 2, freeze: true, today: false }],
    ['one missed day', [-3, -2, 0], { days: 3, freeze: false, today: true }],
    ['yesterday missed', [-3, -2], { days: 2, freeze: false, today: false }],
    ['two missed days', [-5, -4, -1, 0], { days: 2, freeze: true, today: true }],
    ['two single gaps close together', [-4, -2, 0], { days: 1, freeze: true, today: true }],
    ['the freeze earned back', [-10, -8, -7, -6, -5, -4, -3, -2, 0], { days: 9, freeze: false, today: true }],
    ['across the end of a month', [-30, -29, -28], { days: 0, freeze: true, today: false }],
  ] as const)('%s', (_what, offsets, expected) => {
    expect(on(...offsets)).toEqual(expected);
  });

  it('never exceeds the days of study, and another day of study today never shortens it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -60, max: 0 })), (offsets) => {
        const before = on(...offsets);
        expect(before.days).toBeLessThanOrEqual(offsets.length);
        expect(on(...offsets, 0).days).toBeGreaterThanOrEqual(before.days);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
