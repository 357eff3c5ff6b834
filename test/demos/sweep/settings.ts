import type { Demo } from '../../../src/demos/demo.ts';
import type { Param } from '../../../src/demos/params.ts';
import type { Rng } from '../../../src/demos/random.ts';

export interface Setting {
  /** `all least`, `depth most`, `random 17`. */
  name: string;
  given: Record<string, unknown>;
}

/** All parameters at their least and at their most, each alone at either end, and `count` random settings. */
export function settingsOf(demo: Demo, rng: Rng, count: number): Setting[] {
  const table = Object.entries(demo.params);
  const all = (value: (param: Param) => unknown) => Object.fromEntries(table.map(([name, param]) => [name, value(param)]));
  return [
    { name: 'all least', given: all(least) },
    { name: 'all most', given: all(most) },
    ...table.flatMap(([name, param]) => [
      { name: `${name} least`, given: { [name]: least(param) } },
      { name: `${name} most`, given: { [name]: most(param) } },
    ]),
    ...Array.from({ length: count }, (_, i) => ({ name: `random ${i}`, given: all((param) => random(param, rng)) })),
  ];
}

function least(param: Param): unknown {
  switch (param.type) {
    case 'integer':
    case 'number':
      return param.min;
    case 'numbers':
      return [param.min];
    case 'choice':
      return param.choices[0];
    case 'choices':
      return param.choices.slice(0, 1);
    case 'boolean':
      return false;
    default:
      return param satisfies never;
  }
}

function most(param: Param): unknown {
  switch (param.type) {
    case 'integer':
    case 'number':
      return param.max;
    case 'numbers':
      return Array.from({ length: param.maxItems }, (_, i) => between(param, 1 - i / (2 * param.maxItems)));
    case 'choice':
      return param.choices.at(-1);
    case 'choices':
      return [...param.choices];
    case 'boolean':
      return true;
    default:
      return param satisfies never;
  }
}

function random(param: Param, rng: Rng): unknown {
  switch (param.type) {
    case 'integer':
      return Math.round(between(param, rng.uniform()));
    case 'number':
      return between(param, rng.uniform());
    case 'numbers':
      return Array.from({ length: 1 + rng.integer(param.maxItems) }, () => between(param, rng.uniform()));
    case 'choice':
      return param.choices[rng.integer(param.choices.length)];
    case 'choices': {
      const chosen = param.choices.filter(() => rng.uniform() < 0.5);
      return chosen.length > 0 ? chosen : [param.choices[rng.integer(param.choices.length)]];
    }
    case 'boolean':
      return rng.uniform() < 0.5;
    default:
      return param satisfies never;
  }
}

/** A number as a person would type it, a share of the way through the range: evenly by size where that spans decades. */
function between(param: Extract<Param, { min: number }>, share: number): number {
  const { min, max } = param;
  const whole = param.type === 'integer' || (param.type === 'numbers' && param.whole === true);
  const value = min > 0 && max / min > 50 ? min * (max / min) ** share : min + (max - min) * share;
  const typed = whole ? Math.round(value) : Number(value.toPrecision(3));
  return Math.min(max, Math.max(min, typed));
}
