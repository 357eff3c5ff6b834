// The overview of all topics: areas as a map; of the area that one opens, the topics and what they build on elsewhere.
import { useMemo, useState } from 'preact/hooks';
import { t } from '../lib/session.ts';
import { type Place, TopicMap } from './map.tsx';

export interface MappedTopic {
  id: string;
  title: string;
  needs: string[];
}
export interface MappedArea {
  id: string;
  name: string;
  topics: MappedTopic[];
}

export function Areas({ areas }: { areas: readonly MappedArea[] }) {
  const [open, setOpen] = useState(() => areas[0]?.id);
  const area = areas.find(({ id }) => id === open);
  const places = useMemo(() => (area ? placesOf(area, areas) : []), [area, areas]);
  if (!area) return null;
  return (
    <section class="panel" aria-labelledby="map-title">
      <h2 id="map-title">{t('notes.map')}</h2>
      <p>
        <label>
          {t('notes.map-area')}{' '}
          <select id="map-area" value={open} onChange={(event) => setOpen(event.currentTarget.value)}>
            {areas.map(({ id, name, topics }) => (
              <option key={id} value={id}>
                {name} ({topics.length})
              </option>
            ))}
          </select>
        </label>
      </p>
      <TopicMap places={places} label={area.name} />
      <p class="note">{t('notes.arrows')}</p>
    </section>
  );
}

/** The area's topics after what they need of other areas; nothing comes before what it needs. */
export function placesOf(area: MappedArea, areas: readonly MappedArea[]): Place[] {
  const own = new Set(area.topics.map(({ id }) => id));
  const home = new Map(areas.flatMap(({ name, topics }) => topics.map((topic) => [topic.id, { topic, name }] as const)));
  const places = new Map<string, Place>();
  const visit = (id: string): void => {
    const found = home.get(id);
    if (!found || places.has(id)) return;
    const { topic, name } = found;
    const mine = own.has(id);
    // Of another area only what is needed directly: the rest is its own map.
    if (mine) for (const needed of topic.needs) visit(needed);
    const needs = mine ? topic.needs : [];
    places.set(id, { id, title: topic.title, href: `/notes/${id}`, needs, ...(!mine && { kind: 'beyond', note: name }) });
  };
  for (const { id } of area.topics) visit(id);
  return [...places.values()];
}
