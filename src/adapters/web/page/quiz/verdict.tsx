import { t } from '../lib/session.ts';
import { Html } from '../lib/ui.tsx';
import type { Block, Verdict } from '../lib/wire.ts';

const MARKS = { right: '✓', partly: '◐', wrong: '✗', none: '–' } as const;

/** What came of one's own answer: at a glance, and in words. */
export function VerdictCard({ verdict, blocks = [] }: { verdict: Verdict; blocks?: Block[] | undefined }) {
  const { credit, points } = verdict;
  const look = credit === null ? 'none' : credit === 1 ? 'right' : credit > 0 ? 'partly' : 'wrong';
  return (
    <div class={`verdict ${look}`}>
      <p class="at-a-glance" aria-hidden="true">
        <b>{MARKS[look]}</b>
        {points > 0 && <span>+{points}</span>}
      </p>
      {verdict.answer === undefined ? <Told blocks={blocks} /> : <Explained verdict={verdict} look={look} answer={verdict.answer} />}
    </div>
  );
}

function Explained({ verdict, look, answer }: { verdict: Verdict; look: keyof typeof MARKS; answer: string }) {
  const { position, credit, points, score = 0, place, of = 1, right } = verdict;
  const counted = [t('quiz.points', { points, score }), ...(of > 1 ? [t('quiz.place', { place: place ?? of, of })] : [])];
  return (
    <div class="words">
      <h2>{t(`quiz.verdict-${look}`, { number: position + 1, percent: Math.round(100 * (credit ?? 0)) })}</h2>
      <dl>
        <dt>{t('quiz.you-said')}</dt>
        <dd>
          <Html markup={answer} inline />
        </dd>
        {credit !== 1 && right !== undefined && (
          <>
            <dt>{t('quiz.right-is')}</dt>
            <dd>
              <Html markup={right} inline />
            </dd>
          </>
        )}
      </dl>
      <p class="note">{counted.join(' · ')}</p>
    </div>
  );
}

/** In the words that came with it; the mark stands beside them already. */
function Told({ blocks }: { blocks: Block[] }) {
  const text = blocks.map((block) => ('text' in block ? block.text : '')).join(' ');
  return <p class="note">{text.replace(/^[✓◐✗–] /, '')}</p>;
}
