// Runs that brought down every process that tried: the host lets them be tried again, or forgets them.
import { useState } from 'preact/hooks';
import { postJson, region, t } from './lib/session.ts';
import { Table } from './lib/ui.tsx';

export interface DeadRun {
  id: string;
  demo: string;
  params: Record<string, unknown>;
  seed: number;
  at: number;
  reason: string;
}

/** @param changed reads the list anew */
export function DeadRuns({ list, changed }: { list: DeadRun[]; changed: () => Promise<void> }) {
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const settle = async (id: string, how: 'retry' | 'delete') => {
    setBusy(true);
    setSaid('');
    try {
      const response = await postJson('/api/host/dead-runs', { id, how });
      setSaid(response.ok ? t(`host.dead-${how}-done`) : (await response.json()).text);
      await changed();
    } catch {
      setSaid(t('failed'));
    }
    setBusy(false);
  };
  return (
    <>
      {list.length === 0 ? (
        <p class="good">{t('host.no-dead')}</p>
      ) : (
        <>
          <p class="note">{t('host.dead-note')}</p>
          <Table
            label={t('host.dead')}
            columns={['dead-run', 'dead-at', 'dead-reason', 'dead-what'].map((key) => t(`host.${key}`))}
            rows={list.map(({ id, demo, params, seed, at, reason }) => ({
              key: id,
              cells: [
                <code>{[demo, ...Object.entries({ ...params, seed }).map(([name, value]) => `${name}:${value}`)].join(' ')}</code>,
                new Date(at).toLocaleString(region, { dateStyle: 'medium', timeStyle: 'short' }),
                t(`host.dead-${reason}`),
                <span class="actions">
                  {(['retry', 'delete'] as const).map((how) => (
                    <button key={how} type="button" disabled={busy} onClick={() => settle(id, how)}>
                      {t(`host.dead-${how}`)}
                    </button>
                  ))}
                </span>,
              ],
            }))}
          />
        </>
      )}
      <p id="dead-said" class="note" role="status">
        {said}
      </p>
    </>
  );
}
