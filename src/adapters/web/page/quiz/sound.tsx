// A tick for each of the last seconds and a chord for the answer. Off until somebody wants it; each browser remembers.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { serverNow } from '../chat/clock.tsx';
import { browser, t } from '../lib/session.ts';
import { type Board, isOpen, isReveal } from './boards.ts';

const TICK = 660;
const CHORD = [523.25, 659.25, 783.99];
const LAST_SECONDS = 3;
/** A reveal that is older was there when the page came. */
const FRESH = 3_000;

const on = signal(browser.get('quiz-sound') === 'on');
let audio: AudioContext | undefined;

/** @param pitches in Hz, one after the other */
function play(pitches: readonly number[], seconds: number): void {
  if (!on.value) return;
  audio ??= new AudioContext();
  // Browsers keep a page silent that nobody has touched yet.
  void audio.resume();
  for (const [i, pitch] of pitches.entries()) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const begin = audio.currentTime + i * 0.09;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.12, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + seconds);
  }
}

export function SoundButton() {
  const toggle = () => {
    on.value = !on.value;
    browser.set('quiz-sound', on.value ? 'on' : 'off');
    play([TICK], 0.1);
  };
  return (
    <button type="button" class="quiet sound" aria-pressed={on.value} onClick={toggle}>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.8">
        <path d="M3 8v4h3l4 4V4L6 8z" fill="currentColor" stroke-linejoin="round" />
        <path d={on.value ? 'M13 7.5a4 4 0 0 1 0 5M15.5 5a7.5 7.5 0 0 1 0 10' : 'M13 8l4 4m0-4l-4 4'} stroke-linecap="round" />
      </svg>{' '}
      {t('quiz.sound')}
    </button>
  );
}

/** What of a quiz is to be heard now: the number of a last second, or its answer. */
export function soundOf(board: Board | undefined, now: number): string | undefined {
  if (!board) return undefined;
  const { id, quiz } = board;
  if (isReveal(board)) return now - board.at < FRESH ? id : undefined;
  const left = typeof quiz.deadline === 'number' ? Math.ceil((quiz.deadline - now) / 1000) : 0;
  return isOpen(board) && quiz.state === 'open' && left >= 1 && left <= LAST_SECONDS ? `${id} ${left}` : undefined;
}

/** Plays them, each once. */
export function Sounds({ board }: { board: Board | undefined }) {
  const heard = useRef<string>(undefined);
  const sound = on.value ? soundOf(board, serverNow.value) : undefined;
  useEffect(() => {
    if (sound === undefined || sound === heard.current) return;
    heard.current = sound;
    if (board && isReveal(board)) play(CHORD, 0.5);
    else play([TICK], 0.1);
  }, [sound]);
  return null;
}
