import type { Kind } from './kinds.ts';
import type { Prepared, Unit } from './prepare.ts';
import { type Terms, termsOf, weighted } from './terms.ts';
import { holdersOf, type Idf, rarity, sumOf, type Vector, vectorOf } from './vectors.ts';
import { middleOf, placeOf } from './word-vectors.ts';

interface VectorAsk {
  /** By what is rare in all notes. */
  global: Vector;
  /** By what is rare within the topic. */
  local: Vector;
  localSum: number;
  place: Float32Array | undefined;
  kinds: readonly Kind[];
}

export interface VectorUnit {
  asks: readonly VectorAsk[];
  /** Headings of a section, which may be names of things. */
  titles: readonly Vector[];
  /** How often the phrasings use each term. */
  uses: ReadonlyMap<string, number>;
  counts: ReadonlyMap<string, number>;
  words: number;
  place: Float32Array | undefined;
  kinds: readonly Kind[];
  definition: boolean;
  /** What its phrasings ask the meaning of, see `subjectOf`. */
  defines: readonly string[];
  /** Share of the phrasings that ask for each kind. */
  kindShare: ReadonlyMap<Kind, number>;
}

/** A topic as it is held against questions; plain data, so that it can be kept. */
export interface VectorTopic {
  names: readonly Vector[];
  /** How many of its units speak of each term. */
  speak: ReadonlyMap<string, number>;
  /** How many of its units are asked for with each term. */
  asked: ReadonlyMap<string, number>;
  units: Pick<ReadonlyMap<string, VectorUnit>, 'get' | 'keys' | 'size'>;
}

/** A unit's terms, before rarity weighs them. */
interface Form {
  unit: Unit;
  asks: readonly ReadonlyMap<string, number>[];
  uses: ReadonlyMap<string, number>;
  counts: ReadonlyMap<string, number>;
}

function formOf(unit: Unit): Form {
  const asks = unit.asks.map(({ terms }) => weighted(terms));
  const uses = new Map<string, number>();
  for (const ask of asks) for (const [term, factor] of ask) uses.set(term, (uses.get(term) ?? 0) + factor);
  return { unit, asks, uses, counts: countsOf(unit.body) };
}

export function vectorTopic({ names, prompts, units }: Prepared, idf: Idf): VectorTopic {
  const forms = units.map(formOf);
  const asked = holdersOf(forms.map(({ uses }) => uses.keys()));
  const rareAsked = rarity(asked, units.length);
  const nameVectors = names.map((name) => vectorOf(weighted(name), idf));
  const said = forms.map(({ uses, counts }) => [...uses.keys(), ...counts.keys()]);
  // A heading says little without the name of what it is about.
  const title = names[0] ? [...weighted(names[0])] : [];
  const vectors = forms.map(({ unit, asks, uses, counts }): [string, VectorUnit] => {
    const isSection = unit.id.startsWith('#');
    const phrasings = asks.map((terms, i): VectorAsk => {
      const local = vectorOf(terms, rareAsked);
      const global = vectorOf(terms, idf);
      return {
        global,
        local,
        localSum: sumOf(local.weights),
        place: placeOf(isSection ? new Map([...title, ...terms]) : terms),
        kinds: unit.asks[i]!.kinds,
      };
    });
    const definition = unit.id === '#idea' || unit.asks.some(({ terms, kinds }) => kinds.includes('what') && isName(terms, nameVectors));
    const defines = unit.asks.flatMap(({ terms, kinds }) => (!isSection && kinds.every((kind) => kind === 'what') ? subjectOf(terms) : []));
    const titles = isSection ? phrasings.map(({ global }) => global) : [];
    const place = middleOf(phrasings.map((phrasing) => phrasing.place));
    const kindShare = new Map<Kind, number>();
    for (const { kinds } of phrasings) for (const kind of kinds) kindShare.set(kind, (kindShare.get(kind) ?? 0) + 1 / phrasings.length);
    for (const kind of unit.kinds) kindShare.set(kind, 1);
    return [
      unit.id,
      { asks: phrasings, titles, uses, counts, words: sumOf(counts), place, kinds: unit.kinds, definition, defines, kindShare },
    ];
  });
  return { names: nameVectors, speak: holdersOf([...said, [...weighted(prompts).keys()]]), asked, units: new Map(vectors) };
}

function countsOf(body: Terms): Map<string, number> {
  const counts = new Map<string, number>();
  for (const list of [body.main, body.inner])
    for (const term of list === '' ? [] : list.split(' ')) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

/** What a thing is said to be adds nothing to its name: the Adam algorithm, 卷积操作, attention in deep learning. */
const GENERIC = new Set(
  weighted(
    termsOf(
      'operation; algorithm; method; technique; mechanism; concept; process; approach; principle; basics; machine learning; deep learning; neural network; 运算; 操作; 算法; 方法; 技术; 机制; 概念; 原理; 机器学习; 深度学习; 神经网络',
    ),
  ).keys(),
);

/** Words that ask what something is. */
const DEFINING = new Set(
  weighted(
    termsOf('definition; define; meaning; introduce; introduction; 含义; 定义; 意思; 介绍; 解释; 理解; 简介; 是指; 代表; 表示'),
  ).keys(),
);

/** What a question that asks what something is speaks of: its terms in a fixed order, without those that ask or add nothing to a name. */
export function subjectOf({ main }: Terms): string {
  return [...new Set(main.split(' '))]
    .filter((term) => !GENERIC.has(term) && !DEFINING.has(term))
    .sort()
    .join(' ');
}

/** Whether a subject is a special case of another: the effective receptive field. */
export function isNarrower(subject: string, other: string): boolean {
  const terms = new Set(subject.split(' '));
  return subject !== other && other.split(' ').every((term) => terms.has(term));
}

/** Nothing stands there but one of the names. */
export function isName({ main }: Terms, names: readonly Vector[]): boolean {
  const all = main.split(' ');
  return names.some(({ weights }) => all.some((term) => weights.has(term)) && all.every((term) => weights.has(term) || GENERIC.has(term)));
}
