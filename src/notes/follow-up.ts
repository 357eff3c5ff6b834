import { type Locale, toLocale } from '../core/locale.ts';
import { unitOf } from './present-answer.ts';
import type { Found, Ranking, RankOptions } from './ranking.ts';
import type { Hit, Outcome } from './service.ts';

/** What `readBack` needs of the search. */
interface Reader {
  /** A unit of the topic that was spoken of. */
  hit(unit: string): Hit | undefined;
  rank(question: string, context?: RankOptions['context']): Ranking;
  /** Does the question name a topic itself? */
  isNamed(question: string): boolean;
  outcomeOf(ranking: Ranking): Outcome;
}

/** Requests that say nothing but what to do with the last answer. */
const EXAMPLE =
  /^(?:(?:can|could) you )?(?:please )?(?:give|show)?(?: me| us)?\s*(?:an?|another|some|one)?\s*(?:concrete |worked |numerical )?examples?\s*(?:please)?[.!?]*$|^(?:e\.?g\.?|for (?:example|instance))[.?]*$|^(?:能|可以|请)?(?:不能)?(?:给|举|来)?(?:我)?(?:个|一个|几个)?(?:具体的?|数值)?(?:例子|例)(?:吗|呢|吧|看看)?[？?。！!]*$|^举例(?:说明)?(?:一下)?[？?。]*$/iu;
const MORE =
  /^(?:(?:tell|show|give) me )?(?:more|go on|continue|details?|in (?:more )?detail|elaborate|more details?)(?: please)?[.!?]*$|^(?:再)?(?:详细|展开|具体|多)(?:一?点|讲讲|说说|一些|说明)?(?:吗|呢|吧)?[？?。！]*$|^(?:继续|还有呢|然后呢)[？?。]*$/iu;
/** Words with which a question leans on what was said before. */
const LEANS =
  /^(?:and|but|so|then|also|what about|how about|what if|why|why not|how so|how|when|really|is (?:it|that|this)|does (?:it|that|this)|can (?:it|i|we)|should i)\b|\b(?:it|its|that|this|they|them|those|these|the former|the latter|instead)\b|^(?:那|那么|可是|但是|所以|还有|如果|要是|为什么|为啥|怎么|什么时候|真的)|(?:呢|它|这个|那个|这种|这样|上面|前者|后者|其)/iu;
const LANGUAGE = [
  /^(?:(?:and|now|please|again|can you|could you|say|show|answer|explain|translate|repeat|tell|write|give|the|me|it|that|this|same|thing)\s+)*(?:in|into|to)\s+(chinese|english)(?:[\s,]+(?:please|again|now))*[.!?]*$/i,
  /^(?:请|能|可以|麻烦|再|你|不能|帮我|把它|换|改)*(?:用|换成?|翻译成|翻成|说|讲)(中文|汉语|英文|英语)(?:再|给我|来)*(?:说|讲|回答|解释|写|来)?(?:一遍|一下|一次)?(?:吗|呢|吧)?[。？?！!]*$/u,
  /^(中文|英文|英语)(?:呢|版|的呢|版本)?[。？?]*$/u,
];
/** What has been read counts for less by so much strength. */
const SEEN = 1;
/** Longer questions speak for themselves. */
const SHORT = { words: 9, han: 16 };

/**
 * Reads a question in the light of the last answer where it leans on it: a request such as “give an example”, or
 * a short question without a subject of its own. Any other question stands for itself.
 */
export function readBack(text: string, spoken: Hit, { hit, rank, isNamed, outcomeOf }: Reader): Outcome {
  const asked = text.trim();
  const locale = languageAsked(asked);
  if (locale) return { kind: 'answer', hit: spoken, alternatives: [], probability: 1, locale };
  const direct = EXAMPLE.test(asked) ? hit('#example') : MORE.test(asked) ? further(spoken, hit) : undefined;
  if (direct) return { kind: 'answer', hit: direct, alternatives: [], probability: 1 };
  if (!leans(asked) || isNamed(asked)) return outcomeOf(rank(asked));
  const together = rank(asked, { topic: spoken.topic.id, text: contextOf(spoken) });
  // What has just been read is less likely to be the answer to what is asked about it.
  const seen = unitOf(spoken);
  const worth = ({ unit, strength }: Found) => (unit === seen ? strength - SEEN : strength);
  const found = together.found.toSorted((a, b) => worth(b) - worth(a));
  return outcomeOf(found.length > 0 ? { ...together, found } : rank(asked));
}

/** “In Chinese, please”, 用英文说一遍: the last answer once more in that language. */
function languageAsked(text: string): Locale | undefined {
  const name = LANGUAGE.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  return name === undefined ? undefined : toLocale(/chinese|中文|汉语/i.test(name) ? 'zh' : 'en');
}

function leans(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const short = han > 0 ? han <= SHORT.han : text.split(/\s+/).length <= SHORT.words;
  return short && LEANS.test(text);
}

/** Names of what was spoken of, and what was asked of it, in every language. */
function contextOf(spoken: Hit): string {
  const titles = Object.values(spoken.topic.texts).map(({ title }) => title);
  const asked = spoken.kind === 'answer' ? Object.values(spoken.answer.ask).flatMap((phrasings) => phrasings?.[0] ?? []) : [];
  return [...titles, ...asked].join(' ');
}

/** Where the note says more: the section behind an answer, the next section after a section. */
function further(spoken: Hit, hit: (unit: string) => Hit | undefined): Hit | undefined {
  if (spoken.kind === 'answer') return hit(`#${spoken.answer.section ?? 'idea'}`);
  const sections = Object.values(spoken.topic.texts)[0]?.sections ?? [];
  const next = sections[sections.findIndex(({ id }) => id === spoken.section) + 1];
  return next && hit(`#${next.id}`);
}
