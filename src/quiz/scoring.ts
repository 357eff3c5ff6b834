import type { Mode } from './state.ts';

export const FULL_POINTS = 1000;
/** Share of the points that speed decides in `speed` mode; correctness alone is worth the rest. */
const SPEED_SHARE = 0.3;
/** What is left of the points after a hint. */
const HINTED_SHARE = 0.5;

/**
 * Points of one answer. Calm and exam count correctness only. Speed takes off up to 30 %, linearly in the time
 * used (Kahoot takes off up to half: round((1 − t/T/2)·P)).
 * A hint halves them.
 * @param credit 0–1
 * @param used milliseconds from the confirmed message to the answer
 * @param allowed milliseconds of the question
 */
export function pointsOf(mode: Mode, credit: number, used: number, allowed: number, hinted = false): number {
  const full = hinted ? FULL_POINTS * HINTED_SHARE : FULL_POINTS;
  if (mode !== 'speed') return Math.round(full * credit);
  const late = allowed > 0 ? Math.min(1, Math.max(0, used / allowed)) : 1;
  return Math.round(full * credit * (1 - SPEED_SHARE * late));
}
