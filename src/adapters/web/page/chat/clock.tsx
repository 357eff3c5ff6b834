import { computed, signal, useComputed } from '@preact/signals';
import { region, t } from '../lib/session.ts';

/** Milliseconds that the server's clock is ahead of ours. */
export const clockOffset = signal(0);
const ticking = signal(Date.now());
setInterval(() => {
  ticking.value = Date.now();
}, 250);
/** The server's time, four times a second. */
export const serverNow = computed(() => ticking.value + clockOffset.value);

/** A moment in the reader's own time, and how long it is until then. */
export function Deadline({ text, at }: { text: string; at: number }) {
  const left = useComputed(() => Math.max(0, Math.ceil((at - serverNow.value) / 1000)));
  const time = new Date(at).toLocaleTimeString(region, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  return (
    <p class="note deadline">
      <b class={left.value <= 5 ? 'countdown soon' : 'countdown'} role="timer">
        {leftInWords(left.value)}
      </b>
      <span>{text.replace('{time}', time)}</span>
    </p>
  );
}

function leftInWords(seconds: number): string {
  if (seconds <= 0) return t('time-up');
  return seconds > 120 ? t('minutes-left', { minutes: Math.ceil(seconds / 60) }) : t('seconds-left', { seconds });
}
