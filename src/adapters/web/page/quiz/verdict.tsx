import type { Block, QuizPart } from '../lib/wire.ts';

const MARKS = { right: '✓', partly: '◐', wrong: '✗', none: '–' } as const;

/** What came of one's own answer: at a glance, and in words. */
export function VerdictCard({ verdict, blocks = [] }: { verdict: NonNullable<QuizPart['verdict']>; blocks?: Block[] | undefined }) {
  const { credit, points } = verdict;
  const look = credit === null ? 'none' : credit === 1 ? 'right' : credit > 0 ? 'partly' : 'wrong';
  const text = blocks.map((block) => ('text' in block ? block.text : '')).join(' ');
  // The mark stands beside it already.
  const words = text.replace(/^[✓◐✗–] /, '');
  return (
    <div class={`verdict ${look}`}>
      <p class="at-a-glance" aria-hidden="true">
        <b>{MARKS[look]}</b>
        {points > 0 && <span>+{points}</span>}
      </p>
      <p class="note">{words}</p>
    </div>
  );
}
