// What a note claims and a number decides: run here, in the text.
import { useState } from 'preact/hooks';
import { Blocks } from '../chat/blocks.tsx';
import { startRun } from '../lab/run.js';
import { plain, t } from '../lib/session.ts';
import { Html } from '../lib/ui.tsx';
import type { DemoNumbers, ReplyJson } from '../lib/wire.ts';

export interface Claim {
  id: string;
  html: string;
  expected: string;
  lab: string;
  run: { demo: string; params: DemoNumbers['params'] };
}

export function Claims({ list }: { list: Claim[] }) {
  return (
    <ul class="claims">
      {list.map((claim) => (
        <OneClaim key={claim.id} claim={claim} />
      ))}
    </ul>
  );
}

function OneClaim({ claim: { html, expected, lab, run } }: { claim: Claim }) {
  const [reply, setReply] = useState<ReplyJson>();
  const [said, setSaid] = useState('');
  const [busy, setBusy] = useState(false);
  const measure = async () => {
    setBusy(true);
    setReply(undefined);
    setSaid(t('notes.running'));
    try {
      setReply(await startRun(run, ({ fraction }) => fraction > 0 && setSaid(`${t('notes.running')} ${Math.round(100 * fraction)} %`)));
      setSaid('');
    } catch {
      setSaid(t('notes.failed'));
    }
    setBusy(false);
  };
  return (
    <li>
      <Html markup={html} inline />
      <small> {expected} </small>
      <span class="acts">
        <button type="button" disabled={busy} onClick={measure}>
          {t('notes.run')}
        </button>{' '}
        <a href={lab}>{t('notes.in-lab')}</a>
      </span>
      <div class="outcome" role="status">
        {said}
        {reply && <Outcome reply={reply} />}
      </div>
    </li>
  );
}

/** The run as the lab shows it, without what can be pressed; an error as the text that says what to do. */
function Outcome({ reply }: { reply: ReplyJson }) {
  if (reply.result?.kind !== 'demo') return <p class="note error">{plain(reply.text)}</p>;
  const blocks = reply.blocks.filter(({ type }) => !['buttons', 'rows', 'heading', 'sources'].includes(type));
  return <Blocks message={{ id: 'run', blocks, demo: reply.result as unknown as DemoNumbers }} inLab />;
}
