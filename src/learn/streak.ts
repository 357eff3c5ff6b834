import { addDays } from './zone.ts';

export interface Streak {
  /** Days of study in a row; a day that the freeze covered does not count and does not break. */
  days: number;
  /** Whether a missed day would be forgiven. */
  freeze: boolean;
  /** Whether today counts already. */
  today: boolean;
}

/** Days of study until a used freeze comes back. */
const EARN_FREEZE = 7;

/**
 * The streak on `today`, from the days with at least one answer. One missed day is forgiven; the freeze comes back
 * after seven days of study. Today breaks nothing before it is over.
 */
export function streakOf(active: Iterable<string>, today: string): Streak {
  const days = new Set([...active].filter((day) => day <= today));
  const first = [...days].sort()[0];
  let streak = 0;
  let freeze = true;
  let earned = 0;
  for (let day = first ?? today; day <= today; day = addDays(day, 1)) {
    if (days.has(day)) {
      streak++;
      earned++;
      if (!freeze && earned >= EARN_FREEZE) freeze = true;
    } else if (day < today) {
      // Either the freeze covers this day, or the streak breaks and the next one has a freeze of its own.
      if (streak > 0 && freeze) freeze = false;
      else [streak, freeze] = [0, true];
      earned = 0;
    }
  }
  return { days: streak, freeze, today: days.has(today) };
}
