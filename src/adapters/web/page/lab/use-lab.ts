// What the lab knows and does: the setting, the run that is under way, and what came out.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { type TooHeavy, tooHeavy } from '../../../../demos/afford.ts';
import type { Demo } from '../../../../demos/demo.ts';
import { MAX_SEED } from '../../../../demos/params.ts';
import { browser, t } from '../lib/session.ts';
import { announce } from '../lib/telling.ts';
import { addressOf, readSetting, type Setting, type SweepPlan } from './address.ts';
import { problemOf, type Value } from './controls.tsx';
import { createEngine, Failed, type Job } from './engine.ts';
import { runSomewhere } from './run.ts';
import { growing, type Shown, shownOf } from './shown.ts';

/** A run this quick follows the slider; a slower one waits until the slider rests, and one slower than `CALM` for the button. */
const QUICK_MS = 500;
const CALM_MS = 2000;
/** The first run of a worker also compiles what it computes with; the next takes about this share of it. */
const WARM = 0.7;

export interface Under {
  fraction: number;
  place: number;
  /** The curves so far. */
  spec?: ChartSpec;
}

/** In the place of the result: what is wrong, and what to do. */
export interface Trouble {
  text: string;
  /** The control that it is about. */
  focus?: string;
  /** A change with which it would run. */
  heavy?: TooHeavy;
}

export function useLab(demo: Demo) {
  const [setting, setSetting] = useState<Setting>(() => readSetting(demo, new URLSearchParams(location.search)));
  const [shown, setShown] = useState<Shown>();
  const [kept, setKept] = useState<Shown>();
  const [under, setUnder] = useState<Under>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [live, setLive] = useState(browser.get('lab-live') !== 'no');
  const engine = useMemo(createEngine, []);
  const flight = useRef<{ abort: AbortController; next?: Setting } | undefined>(undefined);
  const lastMs = useRef<number | undefined>(undefined);
  const last = useRef<Shown | undefined>(undefined);
  const first = useRef(true);

  const check = ({ values, seed }: Setting): Trouble | undefined => {
    const problem = problemOf(demo.params, values);
    if (problem) return { text: problem.text, focus: `p-${problem.name}` };
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED)
      return { text: `${t('lab.seed')}: ${t('lab.range', { min: 0, max: MAX_SEED })}`, focus: 'seed' };
    const heavy = tooHeavy(demo, values as Job['params']);
    return heavy && { text: t('lab.too-heavy', { seconds: heavy.seconds, limit: heavy.limit }), heavy };
  };

  const run = async (wanted: Setting = setting): Promise<void> => {
    const wrong = check(wanted);
    setTrouble(wrong);
    if (wrong) return;
    // A quick run is soon over; what was asked for meanwhile comes next, only the last of it.
    if (flight.current && (lastMs.current ?? CALM_MS) < QUICK_MS) {
      flight.current.next = wanted;
      return;
    }
    flight.current?.abort.abort();
    const own: NonNullable<typeof flight.current> = { abort: new AbortController() };
    flight.current = own;
    const job: Job = { demo: demo.name, params: wanted.values as Job['params'], seed: wanted.seed };
    setUnder({ fraction: 0, place: 0 });
    try {
      const ran = await runSomewhere(
        engine,
        job,
        ({ fraction, place, sofar }) => {
          if (flight.current !== own) return;
          // What has been shown of this run stays until there is more of it.
          setUnder((now) => {
            const spec = sofar ? growing(job, sofar, last.current) : now?.spec;
            return { fraction, place, ...(spec && { spec }) };
          });
        },
        own.abort.signal,
      );
      if (flight.current !== own) return;
      lastMs.current = lastMs.current === undefined ? ran.ms * WARM : ran.ms;
      last.current = shownOf(job, ran);
      setShown(last.current);
      if (!own.next) announce(t('lab.finished'));
    } catch (error) {
      if (flight.current !== own) return;
      const text = own.abort.signal.aborted
        ? t('lab.cancelled')
        : error instanceof Failed
          ? t('lab.failed', { reason: error.message })
          : t('failed');
      setTrouble({ text });
    }
    if (flight.current !== own) return;
    flight.current = undefined;
    setUnder(undefined);
    if (own.next) await run(own.next);
  };

  const change = (next: Setting, settled: boolean): void => {
    setSetting(next);
    const ms = lastMs.current;
    const follows = live && ms !== undefined && (ms < QUICK_MS || (settled && ms < CALM_MS));
    const wrong = check(next);
    if (wrong) setTrouble(wrong);
    else if (follows) void run(next);
    else if (trouble) setTrouble(undefined);
  };

  useEffect(() => {
    if (!check(setting))
      history.replaceState(null, '', addressOf(demo.name, setting, document.documentElement.dataset.embed !== undefined));
  });
  // A link to a run shows that run; without one, the defaults.
  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    engine.warm();
    void run();
    addEventListener('pagehide', engine.close);
  });

  return {
    ...{ setting, shown, kept, under, trouble, live, engine, run, change },
    set: (name: string, value: Value, settled: boolean) => change({ ...setting, values: { ...setting.values, [name]: value } }, settled),
    /** Only keeps it in the address. */
    plan: (sweep: SweepPlan) => setSetting((now) => ({ ...now, sweep })),
    cancel: () => flight.current?.abort.abort(),
    keep: setKept,
    setLive(on: boolean) {
      setLive(on);
      browser.set('lab-live', on ? 'yes' : 'no');
    },
  };
}

export type LabState = ReturnType<typeof useLab>;
