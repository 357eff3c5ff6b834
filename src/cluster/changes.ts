import { type Changes, createChanges } from '../core/changes.ts';
import type { Cluster } from './create.ts';

/** News that the other processes hear too, where there are any; who tells it may hear it twice. */
export function createSharedChanges<T>(cluster: Cluster | undefined): Changes<T> {
  const here = createChanges<T>();
  if (!cluster) return here;
  cluster.listen('people', (text) => here.tell(JSON.parse(text) as T));
  return {
    listen: here.listen,
    tell(news) {
      here.tell(news);
      // Who does not hear it reads the rows anew sooner or later.
      void cluster.tell('people', JSON.stringify(news)).catch(() => {});
    },
  };
}
