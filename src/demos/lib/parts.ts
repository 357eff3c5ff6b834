/** Into how many parts the runs that come in parts are taken: as many as a small machine has cores. */
export const PARTS = 2;

/** A part's share of what there is to compute, dealt out in turn. */
export function shareOf<T>(items: readonly T[], part: number): T[] {
  return items.filter((_, i) => i % PARTS === part);
}

/** What the parts made of their shares, in the order of the items again. */
export function together<T>(shares: readonly (readonly T[])[]): T[] {
  return shares[0]!.flatMap((_, i) => shares.flatMap((share) => share.slice(i, i + 1)));
}
