// The view for the projector: what the room's quiz is at, large, and nothing to press that would change it.
import { computed, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { clockOffset } from '../chat/clock.tsx';
import { openStream } from '../chat/stream.ts';
import { getJson, plain, Refused, t } from '../lib/session.ts';
import type { Message } from '../lib/wire.ts';
import { type Board, currentBoard, isBoard } from './boards.ts';
import { knownOf, presentPath } from './code.ts';
import { SoundButton, Sounds } from './sound.tsx';
import { Stage } from './stage.tsx';

const room = signal<string | undefined>(undefined);
const given = signal<string | undefined>(undefined);
const boards = signal<readonly Board[]>([]);
const lost = signal(false);
const problem = signal('');
const current = computed(() => currentBoard(boards.value));

const heard = {
  hello({ now }: { now: number }) {
    clockOffset.value = now - Date.now();
  },
  message(message: Message) {
    if (!isBoard(message)) return;
    const others = boards.value.filter(({ id }) => id !== message.id);
    boards.value = [...others, message].sort((a, b) => a.seq - b.seq);
  },
  /** The same, from further back than the stream begins. */
  board(message: Message) {
    heard.message(message);
  },
};

async function begin(): Promise<void> {
  const code = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  try {
    const found = await getJson<{ quiz: string; room: string }>(`/api/join/${encodeURIComponent(code)}`);
    given.value = code;
    room.value = found.room;
    openStream({
      room: found.room,
      onEvent: (type, data) => heard[type as keyof typeof heard]?.(data),
      onState: (state) => {
        lost.value = state === 'lost';
      },
    });
  } catch (error) {
    problem.value = error instanceof Refused ? plain(error.message) : t('failed');
  }
}

export function Present() {
  useEffect(() => void begin(), []);
  const board = current.value;
  const known = board && room.value && board.quiz.state !== 'ended' ? knownOf(room.value, board.quiz.id) : undefined;
  const code = board && board.quiz.state !== 'ended' ? (known?.code ?? given.value) : undefined;
  // A quiz that came after it in the same room is shown too, and found again after a reload.
  useEffect(() => {
    if (code && code !== given.value) history.replaceState(null, '', presentPath(code));
  }, [code]);
  if (problem.value)
    return (
      <div class="page">
        <h1>{t('quiz.projector')}</h1>
        <p class="note error" role="alert">
          {problem.value}
        </p>
      </div>
    );
  return (
    <>
      {board ? (
        <Stage board={board} question={questionBefore(board)} code={code} known={known} />
      ) : (
        <h1 class="waiting">{room.value ? t('quiz.waiting') : '…'}</h1>
      )}
      <footer>
        <SoundButton />
        <span role="status">{lost.value ? t('reconnecting') : ''}</span>
      </footer>
      <Sounds board={board} />
    </>
  );
}

/** The question that an answer belongs to. */
function questionBefore({ quiz }: Board): Board | undefined {
  const { position } = quiz;
  return boards.value.find((one) => one.quiz.id === quiz.id && one.quiz.position === position && one.quiz.board === `q${position}`);
}
