import { openKeptAnswers } from './kept-answers.ts';
import type { LoadedContent } from './load.ts';
import { createSearch, type Search } from './search.ts';

export interface OpenSearchOptions {
  /** Where what is learnt is kept. */
  file: string;
  /** Has another process learn and keep it. */
  elsewhere: (() => Promise<unknown>) | undefined;
  /** Told what kept it from being written. */
  notKept: (error: unknown) => void;
}

/**
 * Search over one version of the notes. Where another process learns them first, it is made when that has ended, out of
 * what is kept: an index made before would stay with this process. A question that comes earlier has it made at once.
 */
export function openSearch(
  { topics, prepared }: Pick<LoadedContent, 'topics' | 'prepared'>,
  { file, elsewhere, notKept }: OpenSearchOptions,
): { get(): Search; close(): void } {
  const kept = openKeptAnswers(file, prepared, notKept);
  let source: { topics: typeof topics; prepared: typeof prepared } | undefined = { topics, prepared };
  let made: Search | undefined;
  let closed = false;
  const get = (): Search => {
    if (!made) {
      made = createSearch(source!, { kept });
      source = undefined;
    }
    return made;
  };
  const warm = async (): Promise<void> => {
    if (!elsewhere || kept.isThere()) return get().warm();
    await elsewhere();
    if (!closed) await get().warm(true);
  };
  void warm().catch(notKept);
  return {
    get,
    close() {
      closed = true;
      made?.close();
    },
  };
}
