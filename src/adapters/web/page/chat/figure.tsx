import { t } from '../lib/session.ts';
import type { DemoNumbers, ImageBlock } from '../lib/wire.ts';

/** A chart: a click enlarges it and shows its numbers. Its size is known before it has come, so nothing jumps. */
export function Figure({ block, demo, inLab }: { block: ImageBlock; demo: DemoNumbers | undefined; inLab: boolean }) {
  const open = async () => (await import('../chart.js')).showChart(block, demo);
  return (
    <figure>
      <button type="button" class="zoom" title={t('enlarge')} onClick={open}>
        <img src={block.url} alt={block.alt} width={block.width} height={block.height} decoding="async" />
      </button>
      <figcaption>
        <button type="button" class="link" onClick={open}>
          {t(demo ? 'numbers' : 'enlarge')}
        </button>
        {demo && !inLab && <a href={labLink(demo)}>{t('open-in-lab')}</a>}
      </figcaption>
    </figure>
  );
}

function labLink({ demo, params, seed }: DemoNumbers): string {
  const query = Object.entries({ ...params, seed }).map(([name, value]): [string, string] => [name, String(value)]);
  return `/lab/${encodeURIComponent(demo)}?${new URLSearchParams(query)}`;
}
