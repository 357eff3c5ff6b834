// Where a topic stands among the others: links to them, and the way to it.
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { t } from '../lib/session.ts';
import { joined } from '../lib/ui.tsx';
import { TopicMap } from './map.tsx';

export interface Topic {
  id: string;
  title: string;
}
/** With what is read before it. */
export interface Step extends Topic {
  needs: string[];
}

export const pathOf = (topic: string, anchor?: string) => `/notes/${topic}${anchor ? `#${anchor}` : ''}`;

export function Link({ topic: { id, title } }: { topic: Topic }) {
  return <a href={pathOf(id)}>{title}</a>;
}

/** Links with commas between, as part of a line of text. */
export const links = (topics: Topic[]): ComponentChildren[] =>
  joined(
    topics.map((topic) => <Link key={topic.id} topic={topic} />),
    t('notes.comma'),
  );

/** What to read before, and what builds on it: in words, and as a map where there is more than a link or two. */
export function LearningPath({ note }: { note: Step & { path: Step[]; next: Step[] } }) {
  const { id, title, needs, path, next } = note;
  const places = useMemo(
    () => [
      ...path.map((one) => ({ ...one, href: pathOf(one.id) })),
      { id, title, needs, href: pathOf(id), kind: 'here' as const },
      ...next.map((one) => ({ ...one, href: pathOf(one.id), kind: 'after' as const })),
    ],
    [note],
  );
  if (places.length === 1) return null;
  return (
    <div id="learning-path">
      {path.length > 0 && (
        <p class="note">
          {t('notes.first-read')} {links(path)}
        </p>
      )}
      {next.length > 0 && (
        <p class="note">
          {t('notes.next')} {links(next)}
        </p>
      )}
      {places.length > 2 && <TopicMap places={places} label={t('notes.path')} />}
    </div>
  );
}
