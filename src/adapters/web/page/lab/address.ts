// Everything that decides the numbers stands in the address, so the address is the link.
import { UserError } from '../../../../core/errors.ts';
import type { Demo } from '../../../../demos/demo.ts';
import { MAX_SEED, type ParamTable, validateParams } from '../../../../demos/params.ts';
import { locale } from '../lib/session.ts';
import type { Values } from './controls.tsx';
import { demos } from './shown.ts';

export interface SweepPlan {
  param: string;
  from: number;
  to: number;
  count: number;
}

export interface Setting {
  values: Values;
  seed: number;
  sweep?: SweepPlan;
}

/** An experiment and its setting, as the address says them; `visit` counts how often another address was turned to. */
export interface Place {
  demo: Demo;
  setting: Setting;
  visit: number;
}

/** The address without a place within the page. */
export const here = (): string => location.pathname + location.search;

export const titleOf = ({ title }: Demo): string => title[locale] ?? title.en;

export function readPlace(visit: number): Place {
  const named = decodeURIComponent(location.pathname.split('/')[2] ?? '');
  const demo = demos.find(({ name }) => name === named) ?? demos[0]!;
  return { demo, setting: readSetting(demo, new URLSearchParams(location.search)), visit };
}

/** Whether two settings of an experiment come to the same numbers. */
export function sameRun(one: Setting, other: Setting): boolean {
  const written = ({ values, seed }: Setting) => addressOf('', { values, seed });
  return written(one) === written(other);
}

/** Defaults, with what the address says instead as far as it can be used. */
function readSetting(demo: Demo, query: URLSearchParams): Setting {
  const values = Object.keys(demo.params).map((name): [string, unknown] => {
    const given = query.get(name);
    const one = (value: unknown) => validateParams(demo.name, demo.params, value === undefined ? {} : { [name]: value })[name];
    try {
      return [name, one(given ?? undefined)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [name, one(undefined)];
    }
  });
  const seed = Number(query.get('seed') ?? 1);
  const [param, from, to, count] = query.get('sweep')?.split(',') ?? [];
  const sweep = param && demo.params[param] ? { param, from: Number(from), to: Number(to), count: Number(count) } : undefined;
  return {
    values: Object.fromEntries(values) as Values,
    seed: Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED ? seed : 1,
    ...(sweep && [sweep.from, sweep.to].every(Number.isFinite) && sweep.count >= 2 && sweep.count <= 7 && { sweep }),
  };
}

/** The address of a setting; `embed` shows the experiment alone, for a frame in another page. */
export function addressOf(demo: string, { values, seed, sweep }: Setting, embed = false): string {
  const query = new URLSearchParams(Object.entries({ ...values, seed }).map(([name, value]) => [name, String(value)]));
  if (sweep) query.set('sweep', [sweep.param, sweep.from, sweep.to, sweep.count].join());
  return `/lab/${demo}?${query}${embed ? '&embed' : ''}`;
}

/** The command that makes this run; defaults are left out, as in the bot's own replies. */
export function commandOf(demo: Demo, { values, seed }: Setting): string {
  const changed = Object.entries(demo.params as ParamTable).filter(([name, { default: usual }]) => String(values[name]) !== String(usual));
  return [`/demo ${demo.name}`, ...changed.map(([name]) => `${name}:${values[name]}`), `seed:${seed}`].join(' ');
}
