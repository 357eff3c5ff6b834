// A chart within the text. Drawn here where its description came with it; until then, and where that fails, its picture.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { t } from '../lib/session.ts';
import type { DemoNumbers, ImageBlock } from '../lib/wire.ts';

type View = typeof import('./chart-view.tsx').ChartView;

export function Figure({ block, demo, inLab = false }: { block: ImageBlock; demo: DemoNumbers | undefined; inLab?: boolean }) {
  const ref = useRef<HTMLElement>(null);
  const [drawn, setDrawn] = useState<{ spec: ChartSpec; View: View }>();
  useEffect(() => {
    if (!block.chart || !ref.current) return;
    // Nobody waits for charts far up in a long room.
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        load(block.chart!).then(take, () => undefined);
      },
      { rootMargin: '400px' },
    );
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [block.chart]);
  // As tall as its picture was, so that nothing jumps up when the chart takes its place.
  const room = useRef(0);
  const take = (made: { spec: ChartSpec; View: View }) => {
    room.current = ref.current?.querySelector('.zoom')?.clientHeight ?? 0;
    setDrawn(made);
  };
  const open = async () => (await import('./chart-dialog.tsx')).showChart(drawn ? { ...block, spec: drawn.spec } : block, demo);
  return (
    <figure ref={ref} class={drawn ? 'drawn' : ''}>
      {drawn ? (
        <div style={{ minHeight: `${room.current}px` }}>
          <drawn.View spec={drawn.spec} />
        </div>
      ) : (
        <button type="button" class="zoom" title={t('enlarge')} onClick={open}>
          <img src={block.url} alt={block.alt} width={block.width} height={block.height} decoding="async" />
        </button>
      )}
      <figcaption>
        <button type="button" class="link" onClick={open}>
          {t(demo ? 'numbers' : 'enlarge')}
        </button>
        {drawn && (
          <a href={block.url} download={block.name}>
            {t('save')}
          </a>
        )}
        {demo && !inLab && <a href={labLink(demo)}>{t('open-in-lab')}</a>}
      </figcaption>
    </figure>
  );
}

async function load(url: string): Promise<{ spec: ChartSpec; View: View }> {
  const [response, { ChartView }] = await Promise.all([fetch(url), import('./chart-view.tsx')]);
  if (!response.ok) throw new Error(response.statusText);
  return { spec: (await response.json()) as ChartSpec, View: ChartView };
}

export function labLink({ demo, params, seed }: Pick<DemoNumbers, 'demo' | 'params' | 'seed'>): string {
  const query = Object.entries({ ...params, seed }).map(([name, value]): [string, string] => [name, String(value)]);
  return `/lab/${encodeURIComponent(demo)}?${new URLSearchParams(query)}`;
}
