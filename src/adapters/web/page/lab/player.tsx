// Plays a run along its steps: the same weights each time, since the seed decides them.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { stepsOf } from '../chart/steps.ts';
import { t } from '../lib/session.ts';
import { num } from '../lib/ui.tsx';

/** A whole run is played in this time. */
const PLAY_MS = 6000;
const FRAME_MS = 60;

interface Props {
  spec: ChartSpec;
  /** Undefined: all of it. */
  step: number | undefined;
  onStep: (step: number | undefined) => void;
}

export function Player({ spec, step, onStep }: Props) {
  const steps = useMemo(() => stepsOf(spec), [spec]);
  const [playing, setPlaying] = useState(false);
  const last = steps.length - 1;
  const at = step === undefined ? last : Math.max(0, steps.indexOf(step));
  const go = (to: number) => onStep(to >= last ? undefined : steps[Math.max(0, to)]);
  // Another run begins whole.
  useEffect(() => {
    setPlaying(false);
    onStep(undefined);
  }, [spec]);
  useEffect(() => {
    if (!playing) return;
    const jump = Math.max(1, Math.round((last * FRAME_MS) / PLAY_MS));
    const timer = setTimeout(
      () => {
        go(at + jump);
        if (at + jump >= last) setPlaying(false);
      },
      Math.max(FRAME_MS, PLAY_MS / Math.max(1, last)),
    );
    return () => clearTimeout(timer);
  });
  if (steps.length < 3) return null;
  const play = () => {
    if (playing) return setPlaying(false);
    // Who wants no motion steps by hand.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return go(at >= last ? 0 : last);
    if (at >= last) go(0);
    setPlaying(true);
  };
  const still = (to: number) => {
    setPlaying(false);
    go(to);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class="player" role="group" aria-label={t('lab.steps')}>
      <button type="button" class="rewind" aria-label={t('lab.rewind')} title={t('lab.rewind')} onClick={() => still(0)}>
        <Icon d="M4 4v12M16 4 7 10l9 6z" />
      </button>
      <button
        type="button"
        class="play"
        aria-label={t(playing ? 'lab.pause' : 'lab.play')}
        title={t(playing ? 'lab.pause' : 'lab.play')}
        onClick={play}
      >
        <Icon d={playing ? 'M6 4v12M14 4v12' : 'M5 3l11 7-11 7z'} />
      </button>
      <button
        type="button"
        class="step"
        aria-label={t('lab.step')}
        title={t('lab.step')}
        disabled={at >= last}
        onClick={() => still(at + 1)}
      >
        <Icon d="M16 4v12M4 4l9 6-9 6z" />
      </button>
      <input
        type="range"
        min={0}
        max={last}
        value={at}
        aria-label={t('lab.steps')}
        aria-valuetext={num(steps[at])}
        onInput={(event) => still(Number(event.currentTarget.value))}
      />
      <output>{t('lab.at-step', { step: num(steps[at]), last: num(steps[last]) })}</output>
    </div>
  );
}

function Icon({ d }: { d: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="18"
      height="18"
      fill="currentColor"
      stroke="currentColor"
      stroke-width="2.2"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}
