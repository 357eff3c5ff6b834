// What a note claims and a number decides: run here, in the text and in this browser.
import { useRef, useState } from 'preact/hooks';
import type { DemoCheck } from '../../../../demos/demo.ts';
import type { AnyParams } from '../../../../demos/params.ts';
import type { Shown } from '../lab/shown.ts';
import { plain, t } from '../lib/session.ts';
import { Html } from '../lib/ui.tsx';
import type { DemoNumbers } from '../lib/wire.ts';

export interface Claim {
  id: string;
  html: string;
  expected: string;
  lab: string;
  run: { demo: string; params: DemoNumbers['params'] };
  /** The note's own prediction. */
  check: DemoCheck;
}

type Laboratory = typeof import('../lab/lab-tools.ts');

export function Claims({ list }: { list: Claim[] }) {
  return (
    <ul class="claims">
      {list.map((claim) => (
        <OneClaim key={claim.id} claim={claim} />
      ))}
    </ul>
  );
}

function OneClaim({ claim: { html, expected, lab, run, check } }: { claim: Claim }) {
  const [made, setMade] = useState<{ shown: Shown; tools: Laboratory }>();
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const abort = useRef<AbortController | undefined>(undefined);
  const measure = async () => {
    setBusy(true);
    setMade(undefined);
    setSaid(t('notes.running'));
    const own = new AbortController();
    abort.current = own;
    try {
      const tools = await import('../lab/lab-tools.ts');
      const engine = tools.createEngine();
      const demo = tools.demos.find(({ name }) => name === run.demo)!;
      const defaults = Object.fromEntries(Object.entries(demo.params).map(([name, param]) => [name, param.default]));
      const job = { demo: run.demo, params: { ...defaults, ...run.params } as AnyParams, seed: 1 + Math.floor(Math.random() * 9999) };
      const progress = ({ fraction }: { fraction: number }) =>
        fraction > 0 && setSaid(`${t('notes.running')} ${Math.round(100 * fraction)} %`);
      const ran = await tools.runSomewhere(engine, job, progress, own.signal).finally(engine.close);
      setMade({ tools, shown: tools.shownOf(job, ran, [check]) });
      setSaid('');
    } catch (error) {
      setSaid(own.signal.aborted ? t('lab.cancelled') : error instanceof Error && error.message ? plain(error.message) : t('notes.failed'));
    }
    setBusy(false);
  };
  return (
    <li>
      <Html markup={html} inline />
      <small> {expected} </small>
      <span class="acts">
        <button type="button" onClick={() => (busy ? abort.current?.abort() : measure())}>
          {t(busy ? 'cancel' : 'notes.run')}
        </button>{' '}
        <a href={lab}>{t('notes.in-lab')}</a>
      </span>
      <div class="outcome">
        <span role="status">{said}</span>
        {made && (
          <>
            <made.tools.ChartFigure spec={made.shown.spec} shown={made.shown} />
            <made.tools.Reading shown={made.shown} />
          </>
        )}
      </div>
    </li>
  );
}
