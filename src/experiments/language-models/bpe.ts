import { localize } from '../../core/locale.ts';
import { type DemoCheck, defineDemo } from '../../demos/demo.ts';
import { listed } from '../../demos/lib/format.ts';

const END = '</w>';
/** Merges of the standard corpus (Sennrich et al. 2016, algorithm 1), ties to the pair met first. */
const STANDARD = [9, 9, 9, 7, 7, 6, 6, 6, 5, 3];

interface Word {
  symbols: string[];
  count: number;
}

/** Counts of neighbouring pairs in the order in which they are met. */
function pairsOf(words: readonly Word[]): Map<string, { pair: [string, string]; count: number }> {
  const pairs = new Map<string, { pair: [string, string]; count: number }>();
  for (const { symbols, count } of words)
    symbols.slice(1).forEach((right, i) => {
      const pair: [string, string] = [symbols[i]!, right];
      const known = pairs.get(pair.join(' ')) ?? { pair, count: 0 };
      pairs.set(pair.join(' '), { pair, count: known.count + count });
    });
  return pairs;
}

function merge(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const both = symbols[i] === left && symbols[i + 1] === right;
    merged.push(both ? left + right : symbols[i]!);
    if (both) i++;
  }
  return merged;
}

const tokens = (words: readonly Word[]) => words.reduce((sum, { symbols, count }) => sum + symbols.length * count, 0);

export default defineDemo({
  name: 'bpe',
  version: 1,
  topics: ['tokenization', 'pretraining'],
  title: { en: 'Byte-pair encoding, merge by merge', zh: '字节对编码：一步步合并' },
  summary: {
    en: 'Learns merges on a corpus of four words (low 5 times, lower 2, newest and widest as often as you like) and counts the tokens that are left after each.',
    zh: '在四个词的语料上学习合并（low 5 次，lower 2 次，newest 与 widest 次数可调），统计每次合并后剩下的词元数。',
  },
  params: {
    merges: { type: 'integer', min: 1, max: 16, default: 10, description: { en: 'merges', zh: '合并次数' } },
    newest: { type: 'integer', min: 1, max: 20, default: 6, description: { en: 'how often “newest” occurs', zh: '“newest”出现的次数' } },
    widest: { type: 'integer', min: 1, max: 20, default: 3, description: { en: 'how often “widest” occurs', zh: '“widest”出现的次数' } },
  },
  names: {
    tokens: { en: 'tokens of the corpus after merge', zh: '合并后语料的词元数，第几次' },
    count: { en: 'count of the merged pair, merge', zh: '被合并的对的次数，第几次' },
    'off-by': { en: 'tokens saved less count, largest', zh: '节省的词元数与次数之差的最大值' },
    vocabulary: { en: 'symbols in use at the end', zh: '最后使用的符号数' },
    merged: { en: 'merges made', zh: '已做的合并数' },
  },
  deadline: 10_000,
  variations: [
    { label: { en: 'to the end', zh: '合并到底' }, params: { merges: 16 } },
    { label: { en: '“widest” 12 times', zh: '“widest”出现 12 次' }, params: { widest: 12 } },
  ],
  run(_ctx, { merges, newest, widest }) {
    let words: Word[] = Object.entries({ low: 5, lower: 2, newest, widest }).map(([word, count]) => ({ symbols: [...word, END], count }));
    const left = [tokens(words)];
    const series: { name: string; x: number[]; y: number[] }[] = [];
    const measures: Record<string, number> = { 'tokens:0': left[0]! };
    let off = 0;
    const labels: string[] = [];
    for (let step = 1; step <= merges; step++) {
      const pairs = [...pairsOf(words).values()];
      if (pairs.length === 0) break;
      const best = pairs.reduce((most, one) => (one.count > most.count ? one : most));
      words = words.map(({ symbols, count }) => ({ symbols: merge(symbols, best.pair), count }));
      left.push(tokens(words));
      labels.push(best.pair.join('+'));
      measures[`tokens:${step}`] = left.at(-1)!;
      measures[`count:${step}`] = best.count;
      off = Math.max(off, Math.abs(left.at(-2)! - left.at(-1)! - best.count));
    }
    Object.assign(measures, { 'off-by': off, vocabulary: new Set(words.flatMap(({ symbols }) => symbols)).size, merged: labels.length });
    series.push(
      { name: 'tokens', x: left.map((_, i) => i), y: left },
      ...labels.map((label, i) => ({ name: label, x: [i + 1], y: [left[i + 1]!] })),
    );
    return { series, measures, checks: checks(labels.length, newest, widest) };
  },
  chart({ series: [left, ...merged], measures }, _params, locale) {
    const [first, last] = [left!.y[0]!, left!.y.at(-1)!];
    const n = measures.merged!;
    return {
      type: 'bars',
      title: localize(
        {
          en: `Tokens of the corpus after ${n} merge${n === 1 ? '' : 's'}: ${last} instead of ${first}`,
          zh: `${n} 次合并后语料有 ${last} 个词元，原来 ${first} 个`,
        },
        locale,
      ),
      alt: localize(
        {
          en: `Tokens after each merge: ${left!.y.join(', ')}; merged in turn: ${merged.map(({ name }) => name).join(', ')}.`,
          zh: `每次合并后的词元数：${left!.y.join(', ')}；依次合并：${merged.map(({ name }) => name).join(', ')}。`,
        },
        locale,
      ),
      horizontal: true,
      format: 'integer',
      x: {
        label: localize({ en: 'pair merged', zh: '合并的对' }, locale),
        categories: [localize({ en: 'start', zh: '开始' }, locale), ...merged.map(({ name }, i) => `${i + 1}. ${name}`)],
      },
      y: { label: localize({ en: 'tokens', zh: '词元数' }, locale), min: 0 },
      groups: [{ name: '', values: left!.y }],
    };
  },
  reading({ series: [left, ...merged], measures }, _params, locale) {
    const firsts = merged.slice(0, 3).map(({ name }, i) => `${name} (${measures[`count:${i + 1}`]})`);
    return localize(
      {
        en: `The most frequent pair is merged each time, first ${listed(firsts, 'en')}; every merge saves as many tokens as the pair occurs.\nOf ${left!.y[0]} characters and end marks ${left!.y.at(-1)} tokens are left, of ${measures.vocabulary} kinds; where pairs tie, the order is a convention.`,
        zh: `每次合并出现最多的对，最先是 ${listed(firsts, 'zh')}；每次合并节省的词元数等于这个对的次数。\n原来的 ${left!.y[0]} 个字符与词尾标记剩下 ${left!.y.at(-1)} 个词元，共 ${measures.vocabulary} 种；次数相同时，先后只是约定。`,
      },
      locale,
    );
  },
  predict: {
    question: ({ newest, widest }) => ({
      en: `“newest” occurs ${newest} times, “widest” ${widest} times, “low” 5 and “lower” 2 times. Which pair is merged first?`,
      zh: `“newest”出现 ${newest} 次，“widest”${widest} 次，“low”5 次，“lower”2 次。最先合并哪一对？`,
    }),
    options: [
      { id: 'es', text: { en: 'e + s', zh: 'e + s' } },
      { id: 'lo', text: { en: 'l + o', zh: 'l + o' } },
      { id: 'other', text: { en: 'another pair', zh: '别的对' } },
    ],
    outcome({ series: [, first] }) {
      return first?.name === 'e+s' ? 'es' : first?.name === 'l+o' ? 'lo' : 'other';
    },
    why: {
      en: 'What counts is how often two symbols stand side by side in the whole corpus, words counted as often as they occur.',
      zh: '看的是两个符号在整个语料中相邻出现的次数，每个词按出现次数计。',
    },
  },
});

function checks(done: number, newest: number, widest: number): DemoCheck[] {
  const exact = (id: string, predicted: number, en: string, zh: string): DemoCheck => ({ id, claim: { en, zh }, predicted, tolerance: 0 });
  const found = [exact('off-by', 0, 'each merge saves exactly its count (difference)', '每次合并恰好节省它的次数（差）')];
  found.push(exact('tokens:0', 5 * 4 + 2 * 6 + 7 * (newest + widest), 'tokens at the start', '开始时的词元数'));
  if (newest === 6 && widest === 3)
    found.push(
      ...STANDARD.slice(0, done).map((count, i) => exact(`count:${i + 1}`, count, `merge ${i + 1}: count`, `第 ${i + 1} 次合并：次数`)),
    );
  return found;
}
