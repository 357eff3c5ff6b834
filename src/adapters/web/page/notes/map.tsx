// Topics as a map: a link each, an arrow from what is read first. Lists beside it say the same in words.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../lib/session.ts';
import { useWidth } from '../lib/use-width.ts';
import type { Placed } from './layout.ts';

export interface Place {
  id: string;
  title: string;
  href: string;
  /** What is read before it. */
  needs: readonly string[];
  /** `here` is where the reader is, `after` what comes afterwards, `beyond` belongs to another area. */
  kind?: 'here' | 'after' | 'beyond';
  /** Beside the title. */
  note?: string;
}

/** @param places in an order in which they may be read, which is also the keyboard's */
export function TopicMap({ places, label }: { places: readonly Place[]; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [placed, setPlaced] = useState<Placed>();
  const width = useWidth(box);
  useLayoutEffect(() => {
    if (!box.current || width === 0) return;
    let wanted = true;
    const known = new Set(places.map(({ id }) => id));
    const arrows = places.flatMap(({ id, needs }) => needs.filter((one) => known.has(one)).map((one) => [one, id] as const));
    const sizes = [...box.current.querySelectorAll<HTMLElement>('a')].map((link, i) => ({
      id: places[i]!.id,
      width: link.offsetWidth,
      height: link.offsetHeight,
    }));
    import('./layout.ts').then(
      ({ place }) => wanted && setPlaced(place(sizes, arrows, width)),
      // Without the layout the links stand below each other.
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [places, width]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div ref={box} class="map" tabIndex={0} role="group" aria-label={`${label} ${t('notes.arrows')}`}>
      <div class={placed ? 'sheet' : 'sheet unplaced'} style={placed ? inPixels({ width: placed.width, height: placed.height }) : {}}>
        {placed && (
          <svg width={placed.width} height={placed.height} aria-hidden="true">
            <defs>
              <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
                <path d="M0 0 8 4 0 8z" />
              </marker>
            </defs>
            {placed.ways.map(({ from, to, d }) => (
              <path key={`${from} ${to}`} class="way" d={d} marker-end="url(#tip)" />
            ))}
          </svg>
        )}
        {places.map(({ id, title, href, kind, note }) => (
          <a
            key={id}
            href={href}
            class={kind ?? ''}
            aria-current={kind === 'here' ? 'page' : undefined}
            style={inPixels(placed?.at.get(id) ?? {})}
          >
            {title}
            {note && <small> {note}</small>}
          </a>
        ))}
      </div>
    </div>
  );
}

/** Preact sets numbers as they are. */
const inPixels = (style: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(style).map(([name, value]) => [name, `${value}px`]));
