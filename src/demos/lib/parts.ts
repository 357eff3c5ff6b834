/** Into how many parts the runs that come in parts are taken: as many as a small machine has cores. */
export const PARTS = 2;

/** A part's share of what there is to compute, dealt out in turn. */
export function shareOf<T>(items: readonly T[], part: number): T[] {
  return items.filter((_, i) => i % PARTS === part);
}

/** What the parts made of an item of the whole list; undefined where that part has not come to it. */
export function fromShares<T>(shares: readonly (readonly T[])[]): (item: number) => T | undefined {
  return (item) => shares[item % PARTS]?.[Math.floor(item / PARTS)];
}
