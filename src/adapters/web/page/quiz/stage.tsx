// One board of a quiz, drawn to be read from the back of the room.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Projecting } from '../chart/projected.ts';
import { Blocks } from '../chat/blocks.tsx';
import { serverNow } from '../chat/clock.tsx';
import { t } from '../lib/session.ts';
import { Html } from '../lib/ui.tsx';
import type { Block } from '../lib/wire.ts';
import { type Board, isReveal } from './boards.ts';
import { isOnlyHere, joinAddress, joinUrl, type Known } from './code.ts';
import { Code } from './invite.tsx';
import { Qr } from './qr.tsx';

const LETTERS = 'ABCDE';
/** What is too long is made smaller, in steps, but stays larger than a page's text. */
const SMALLEST = 0.45;
/** What leaves room is made larger. */
const LARGEST = 1.3;
/** A page is read from so many pixels a hundredth of the width. */
const READ_AT = 8;
/** What a question's words and the count of answers leave to its chart. */
const CHART_SHARE = 0.42;
const STEP = 0.92;

interface Props {
  board: Board;
  /** The question that an answer belongs to. */
  question: Board | undefined;
  code: string | undefined;
  /** What else the server told of it. */
  known: Pick<Known, 'origin'> | undefined;
}

export function Stage({ board, question, code, known }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const { id, quiz, blocks = [] } = board;
  const heading = blocks.find((block) => block.type === 'heading')?.text ?? '';
  useLayoutEffect(() => {
    const box = stage.current!;
    const shrink = () => {
      let scale = LARGEST;
      do {
        box.style.setProperty('--fit', String(scale));
        scale *= STEP;
      } while (scale > SMALLEST && box.scrollHeight > box.clientHeight + 1);
    };
    shrink();
    // Pictures, charts and fonts come later; what shrinking itself changes is looked at once more, and stays.
    let frame = 0;
    const watch = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(shrink);
    });
    for (const one of [box, ...box.children]) watch.observe(one);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [board]);
  return (
    <div ref={stage} class="stage" data-board={quiz.board} key={id}>
      <div class="top">
        <h1>{heading}</h1>
        {quiz.state === 'paused' ? <b class="left">{t('quiz.paused')}</b> : <Left at={quiz.deadline} />}
      </div>
      <Scene board={board} question={question} code={code} known={known} />
      {/* Who comes in while an answer is told has nothing to do yet. */}
      {code && quiz.board !== 'lobby' && !isReveal(board) && (
        <p class="way-in">
          {t('quiz.join-at', { address: joinAddress(known) })}{' '}
          <b class="code" translate={false}>
            <Code code={code} />
          </b>
        </p>
      )}
    </div>
  );
}

function Scene({ board, question, code, known }: Props) {
  if (board.quiz.board === 'lobby') return <Lobby board={board} code={code} known={known} />;
  if (board.quiz.board.startsWith('q')) return <Question board={board} />;
  if (isReveal(board)) return <Reveal board={board} question={question} />;
  return <Blocks message={{ ...board, blocks: shown(board.blocks) }} inLab />;
}

/** Without what can be pressed, the heading, and the clock: they have places of their own, or none here. */
function shown(blocks: Block[] = []): Block[] {
  return blocks.filter(({ type }) => !['buttons', 'heading', 'deadline', 'rows'].includes(type));
}

function Left({ at }: { at: number | null | undefined }) {
  if (typeof at !== 'number') return null;
  const seconds = Math.max(0, Math.ceil((at - serverNow.value) / 1000));
  const words = seconds > 120 ? t('minutes-left', { minutes: Math.ceil(seconds / 60) }) : `${seconds}`;
  return (
    <b class={seconds <= 5 ? 'left soon' : 'left'} role="timer" aria-label={t('seconds-left', { seconds })}>
      {words}
    </b>
  );
}

function Lobby({ board, code, known }: Omit<Props, 'question'>) {
  const said = shown(board.blocks);
  const rules = said.filter(({ type }) => type === 'markdown');
  return (
    <>
      {code && (
        <div class="way-in">
          <Qr text={joinUrl(code, known)} />
          <div>
            <p>{t('quiz.join-at', { address: joinAddress(known) })}</p>
            <p class="code" translate={false}>
              <Code code={code} />
            </p>
            {isOnlyHere(known) && <p class="note warning">{t('quiz.only-here')}</p>}
          </div>
        </div>
      )}
      <div class="players" role="status">
        <Blocks message={{ ...board, blocks: said.filter(({ type }) => type !== 'markdown') }} inLab />
      </div>
      <Blocks message={{ ...board, blocks: rules }} inLab />
    </>
  );
}

/** The prompt is the first thing that a question says. */
function Prompt({ board: { blocks = [] } }: { board: Board }) {
  const prompt = blocks.find((block) => block.type === 'markdown');
  return prompt ? (
    <div class="prompt">
      <Html markup={prompt.html} />
    </div>
  ) : null;
}

function Question({ board }: { board: Board }) {
  const { answered = 0, players = 0 } = board.quiz;
  return (
    <>
      <Prompt board={board} />
      <div class="beside">
        <Pictures board={board} />
        <Choices board={board} />
      </div>
      <p class="counted">
        <progress max={Math.max(1, players)} value={answered} aria-label={t('quiz.answers')} />
        <span>{t('quiz.answered', { answered, players })}</span>
      </p>
    </>
  );
}

/** The charts that a question is about. */
function Pictures({ board }: { board: Board }) {
  const pictures = (board.blocks ?? []).filter(({ type }) => type === 'image');
  const unit = Math.max(4.4, Math.min(innerWidth / 100, (1.9 * innerHeight) / 100));
  return pictures.length > 0 ? (
    <Projecting.Provider value={{ letters: Math.max(1, unit / READ_AT), height: CHART_SHARE * innerHeight }}>
      <Blocks message={{ ...board, blocks: pictures }} inLab />
    </Projecting.Provider>
  ) : null;
}

function Choices({ board: { quiz } }: { board: Board }) {
  const { choices, picks, split } = quiz;
  if (choices.length === 0) return null;
  const most = Math.max(1, ...(split ?? []));
  const shown = choices.map((choice, i) => ({ ...choice, i }));
  // What is right of an order is the order.
  if (picks && quiz.ordered) shown.sort((a, b) => picks.indexOf(a.i) - picks.indexOf(b.i));
  return (
    <ol class={`choices${picks ? ' over' : ''}`}>
      {shown.map(({ id, html, i }) => {
        const place = picks?.indexOf(i) ?? -1;
        const right = picks && (quiz.ordered || place >= 0);
        const votes = quiz.ordered ? undefined : split?.[i];
        return (
          <li key={id} class={picks ? (right ? 'right' : 'wrong') : ''}>
            <b>{LETTERS[i]}</b>
            <Html markup={html} inline />
            {picks && quiz.ordered && <b class="place">{`${place + 1}.`}</b>}
            {picks && !quiz.ordered && right && (
              <b class="place" role="img" aria-label={t('quiz.right')}>
                ✓
              </b>
            )}
            {votes !== undefined && (
              <span class="votes">
                <i style={{ width: `${(100 * votes) / most}%` }} />
                <span>{votes}</span>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Reveal({ board, question }: { board: Board; question: Board | undefined }) {
  const { quiz } = board;
  const notes = shown(board.blocks).filter(({ type }) => type === 'note');
  // The first thing that an answer says is what is right, the second is why.
  const [, why] = (board.blocks ?? []).filter((block) => block.type === 'markdown');
  return (
    <>
      {question && <Prompt board={question} />}
      <div class="beside">
        {question && <Pictures board={question} />}
        <Choices board={board} />
        {quiz.choices.length === 0 && quiz.right && (
          <p class="answer-is">
            <Html markup={quiz.right} inline />
          </p>
        )}
      </div>
      {why && (
        <div class="why">
          <Html markup={why.html} />
        </div>
      )}
      <Blocks message={{ ...board, blocks: notes }} inLab />
    </>
  );
}
