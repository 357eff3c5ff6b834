// Two runs beside each other: what differs between them, and what came out.
import { t } from '../lib/session.ts';
import { num, Table } from '../lib/ui.tsx';
import type { Shown } from './shown.ts';

export function Comparison({ kept, fresh }: { kept: Shown; fresh: Shown }) {
  const settings = ({ job: { params, seed } }: Shown): Record<string, unknown> => ({ ...params, seed });
  const [before, after] = [settings(kept), settings(fresh)];
  const changed = Object.keys(after).filter((name) => String(before[name]) !== String(after[name]));
  const columns = (first: string, ...more: string[]) => [first, t('lab.kept'), t('lab.new'), ...more];
  const common = Object.keys(fresh.outcome.measures).filter((name) => name in kept.outcome.measures);
  return (
    <section class="panel" aria-label={t('lab.compare')}>
      <h2>{t('lab.compare')}</h2>
      {changed.length === 0 ? (
        <p class="note">{t('lab.same')}</p>
      ) : (
        <Table
          columns={columns(t('lab.differs'))}
          rows={changed.map((name) => [<code key={name}>{name}</code>, written(before[name]), written(after[name])])}
        />
      )}
      {common.length > 0 && (
        <Table
          columns={columns(t('measure'), t('lab.ratio'))}
          rows={common.map((name) => {
            const [a, b] = [kept.outcome.measures[name]!, fresh.outcome.measures[name]!];
            return [fresh.numbers.names?.[name] ?? name, num(a), num(b), num(a ? b / a : Number.NaN)];
          })}
        />
      )}
    </section>
  );
}

function written(value: unknown): string {
  return Array.isArray(value) ? value.join(', ') : typeof value === 'number' ? num(value) : String(value ?? '—');
}
