// What the lab knows and does: the setting, the run that is under way, and what came out.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChartSpec } from '../../../../charts/spec.ts';
import { type TooHeavy, tooHeavy } from '../../../../demos/afford.ts';
import { MAX_SEED } from '../../../../demos/params.ts';
import { browser, t } from '../lib/session.ts';
import { announce } from '../lib/telling.ts';
import { addressOf, here, type Place, readPlace, type Setting, type SweepPlan, sameRun, titleOf } from './address.ts';
import { problemOf, type Value } from './controls.tsx';
import { createEngine, Failed, type Job } from './engine.ts';
import { runSomewhere } from './run.ts';
import { growing, type Shown, shownOf } from './shown.ts';

/** A run this quick follows the slider; a slower one waits until the slider rests, and one slower than `CALM` for the button. */
const QUICK_MS = 500;
const CALM_MS = 2000;
/** What is over within this time is waited for, rather than broken off for what was asked meanwhile. */
const SOON_MS = 100;
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

interface Flight {
  abort: AbortController;
  wanted: Setting;
  /** What was asked for meanwhile, the last of it. */
  next?: Setting;
  since: number;
}

const isEmbed = () => document.documentElement.dataset.embed !== undefined;

export function useLab() {
  const [place, setPlace] = useState<Place>(() => readPlace(0));
  const { demo, setting } = place;
  const visits = useRef(0);
  /** The address that this page wrote last: without what cannot be run. */
  const written = useRef(here());
  const [shown, setShown] = useState<Shown>();
  const [kept, setKept] = useState<Shown>();
  const [under, setUnder] = useState<Under>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [live, setLive] = useState(browser.get('lab-live') !== 'no');
  const engine = useMemo(createEngine, []);
  const flight = useRef<Flight | undefined>(undefined);
  const lastMs = useRef<number | undefined>(undefined);
  const last = useRef<Shown | undefined>(undefined);
  const first = useRef(true);

  const check = ({ values, seed }: Setting, { demo }: Place = place): Trouble | undefined => {
    const problem = problemOf(demo.params, values);
    if (problem) return { text: problem.text, focus: `p-${problem.name}` };
    if (!Number.isInteger(seed) || seed < 0 || seed > MAX_SEED)
      return { text: `${t('lab.seed')}: ${t('lab.range', { min: 0, max: MAX_SEED })}`, focus: 'seed' };
    const heavy = tooHeavy(demo, values as Job['params']);
    return heavy && { text: t('lab.too-heavy', { seconds: heavy.seconds, limit: heavy.limit }), heavy };
  };

  /** What was to come next was asked for before the value that is wrong; its run would take the word of that away. */
  const refuse = (wrong: Trouble | undefined): void => {
    if (wrong) delete flight.current?.next;
    setTrouble(wrong);
  };

  /** In the middle of a slider's movement quick runs come to their end, so that the picture moves with it. */
  const waits = ({ since }: Flight, settled: boolean): boolean => {
    const usual = lastMs.current ?? CALM_MS;
    return usual < QUICK_MS && !(settled && engine.stands() && since + usual - performance.now() > SOON_MS);
  };

  const run = async (wanted: Setting = setting, where: Place = place, settled = true): Promise<void> => {
    const { demo } = where;
    const wrong = check(wanted, where);
    refuse(wrong);
    if (wrong) return;
    const before = flight.current;
    if (before && sameRun(before.wanted, wanted)) {
      delete before.next;
      return;
    }
    if (before && waits(before, settled)) {
      before.next = wanted;
      return;
    }
    before?.abort.abort();
    const own: Flight = { abort: new AbortController(), wanted, since: performance.now() };
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
      const fresh = lastMs.current === undefined;
      lastMs.current = fresh ? ran.ms * WARM : ran.ms;
      last.current = shownOf(job, ran);
      setShown(last.current);
      if (ran.where === 'here' && ran.ms > SOON_MS) engine.standBy();
      // The first run of an experiment is what tells that it is another one.
      if (!own.next) announce(fresh ? `${titleOf(demo)}: ${t('lab.finished')}` : t('lab.finished'));
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
    if (own.next) await run(own.next, where);
  };

  /** Shows what the address says now, with nothing left of what was shown before but the worker. */
  const turn = (): void => {
    // A jump within the page, such as over its header, is no other address.
    if (here() === written.current) return;
    written.current = here();
    const next = readPlace(visits.current + 1);
    visits.current = next.visit;
    flight.current?.abort.abort();
    flight.current = undefined;
    lastMs.current = undefined;
    last.current = undefined;
    setPlace(next);
    setShown(undefined);
    setKept(undefined);
    setUnder(undefined);
    announce(titleOf(next.demo));
    void run(next.setting, next);
  };
  const choose = (name: string): void => {
    write();
    history.pushState(null, '', `/lab/${encodeURIComponent(name)}`);
    turn();
  };

  const setSetting = (next: (now: Setting) => Setting) => setPlace((now) => ({ ...now, setting: next(now.setting) }));
  const change = (next: Setting, settled: boolean): void => {
    setSetting(() => next);
    const ms = lastMs.current;
    const follows = live && ms !== undefined && (ms < QUICK_MS || (settled && ms < CALM_MS));
    // A hand that lets go sets what it had set already.
    const job = flight.current ? undefined : last.current?.job;
    const done = job !== undefined && sameRun({ values: job.params as Setting['values'], seed: job.seed }, next);
    const wrong = check(next);
    if (wrong) refuse(wrong);
    else if (follows && !done) void run(next, place, settled);
    else if (trouble) setTrouble(undefined);
  };

  /** Costs a picture's time in some browsers, and too many of them are refused. */
  const write = (): void => {
    const address = addressOf(demo.name, setting, isEmbed());
    if (address === written.current || check(setting)) return;
    history.replaceState(null, '', address);
    written.current = here();
  };
  // Of a quick run once its picture stands.
  useEffect(() => {
    if (!under || (lastMs.current ?? CALM_MS) >= QUICK_MS) write();
  }, [place, under]);
  useLayoutEffect(() => {
    document.title = [titleOf(demo), t('nav-lab'), t('title')].join(' · ');
  }, [demo]);
  const turning = useRef(turn);
  turning.current = turn;
  useEffect(() => {
    const go = () => turning.current();
    addEventListener('popstate', go);
    return () => removeEventListener('popstate', go);
  }, []);
  // A link to a run shows that run; without one, the defaults.
  useEffect(() => {
    if (!first.current) return;
    first.current = false;
    engine.warm();
    void run();
    addEventListener('pagehide', engine.close);
  });

  return {
    ...{ ...place, shown, kept, under, trouble, live, engine, run, change, choose },
    set: (name: string, value: Value, settled: boolean) => change({ ...setting, values: { ...setting.values, [name]: value } }, settled),
    /** Only keeps it in the address. */
    plan: (sweep: SweepPlan) => setSetting((now) => ({ ...now, sweep })),
    cancel() {
      delete flight.current?.next;
      flight.current?.abort.abort();
    },
    keep: setKept,
    setLive(on: boolean) {
      setLive(on);
      browser.set('lab-live', on ? 'yes' : 'no');
    },
  };
}

export type LabState = ReturnType<typeof useLab>;
