import { UserError } from '../core/errors.ts';
import type { Demo } from './demo.ts';
import { type AnyParams, formatParams, type Param } from './params.ts';

/** A run that would not end within its demo's limit: how long it could take, and a change with which it does. */
export interface TooHeavy {
  seconds: number;
  limit: number;
  change: AnyParams;
}

/** Looks, before a run starts, whether it would end; undefined where it would. The page asks this too. */
export function tooHeavy(demo: Demo, params: AnyParams): TooHeavy | undefined {
  if (!demo.cost || fits(demo, params)) return undefined;
  return {
    seconds: Math.round(MARGIN * demo.cost.seconds(params)),
    limit: demo.deadline / 1000,
    change: lighter(demo, params),
  };
}

/**
 * Refuses, before it starts, a run that would not end within its demo's limit.
 * @throws UserError `run-too-heavy` that names a change with which it does.
 */
export function refuseTooHeavy(demo: Demo, params: AnyParams): void {
  const found = tooHeavy(demo, params);
  if (found) throw new UserError('run-too-heavy', { demo: demo.name, ...found, change: formatParams(found.change) });
}

/** A slow or a busy machine takes this many times as long as the estimate. */
const MARGIN = 3;

function fits({ cost, deadline }: Demo, params: AnyParams): boolean {
  return !cost || MARGIN * cost.seconds(params) * 1000 <= deadline;
}

/** The parameters to change: each in turn as little as suffices, or to its least when that alone does not. */
function lighter(demo: Demo, params: AnyParams): AnyParams {
  const change: AnyParams = {};
  for (const name of demo.cost?.lower ?? []) {
    const smaller = smallerValues(demo.params[name]!, params[name]);
    const of = (value: unknown) => ({ ...params, ...change, [name]: value }) as AnyParams;
    // Few values; the first that fits is the one nearest to what was asked for.
    const found = smaller.find((value) => fits(demo, of(value)));
    if (found === undefined && smaller.length === 0) continue;
    change[name] = (found ?? smaller.at(-1)!) as AnyParams[string];
    if (found !== undefined) break;
  }
  return change;
}

/** What a parameter may be lowered to, the least change first: integers, or lists that lose their last items. */
function smallerValues(param: Param, value: unknown): unknown[] {
  if (Array.isArray(value)) return value.slice(1).map((_, i) => value.slice(0, value.length - 1 - i));
  if (param.type !== 'integer') return [];
  return Array.from({ length: Number(value) - param.min }, (_, i) => Number(value) - 1 - i);
}
