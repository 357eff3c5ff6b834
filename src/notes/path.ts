import type { Topic } from './content.ts';
import type { NotesView } from './service.ts';

/**
 * What to read before a topic, in an order in which nothing comes before what it needs, and the topic itself last.
 * Topics that do not exist are left out; a circle, which `content:check` refuses, is read once round.
 */
export function pathTo(notes: Pick<NotesView, 'topic'>, topic: Topic): Topic[] {
  const path: Topic[] = [];
  const met = new Set<string>();
  const walk = (one: Topic): void => {
    if (met.has(one.id)) return;
    met.add(one.id);
    for (const id of one.needs) {
      const needed = notes.topic(id);
      if (needed) walk(needed);
    }
    path.push(one);
  };
  walk(topic);
  return path;
}

/** Topics that name this one as what to read first. */
export function nextAfter(notes: Pick<NotesView, 'content'>, id: string): Topic[] {
  return [...notes.content().topics.values()].filter(({ needs }) => needs.includes(id));
}

/** Topics by area, in the order in which they come. */
export function byArea(topics: Iterable<Topic>): Map<string, Topic[]> {
  return Map.groupBy(topics, ({ area }) => area);
}
