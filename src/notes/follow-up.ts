import { type Locale, toLocale } from '../core/locale.ts';
import { isHan } from './analyse.ts';
import { unitOf } from './present-answer.ts';
import type { Found, Ranking, RankOptions } from './ranking.ts';
import type { Hit, Outcome } from './service.ts';
import { termsOf } from './terms.ts';

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
  /^(?:(?:can|could) you )?(?:please )?(?:give|show)?(?: me| us)?\s*(?:an?|another|some|one)?\s*(?:concrete |worked |numerical )?examples?\s*(?:please)?[.!?]*$|^(?:e\.?g\.?|for (?:example|instance))[.?]*$|^(?:能|可以|请)?(?:不能)?(?:给|举|来)?(?:我)?(?:个|一个|几个)?(?:具体的?|数值)?(?:例子|例|数字|数)(?:吗|呢|吧|看看)?[？?。！!]*$|^举例(?:说明)?(?:一下)?[？?。]*$/iu;
const MORE =
  /^(?:(?:tell|show|give) me )?(?:more|go on|continue|details?|in (?:more )?detail|elaborate|more details?)(?: please)?[.!?]*$|^(?:再)?(?:详细|展开|具体|多)(?:一?点|讲讲|说说|一些|说明)?(?:吗|呢|吧)?[？?。！]*$|^(?:继续|还有呢|然后呢)[？?。]*$/iu;
/** Words that join a question to what was said before, or leave out what it is about. */
const JOINS =
  /^(?:and|but|so|then|also|or|what about|how about|what if|same (?:for|with|in)|does the same|instead|otherwise|compared to|vs)\b|^(?:那|那么|可是|但是|所以|还有|如果|要是|换成|改成|反过来|跟.+(?:比|区别|不同)|和.+(?:比|区别|不同)|相比|同样|不.{1,8}的话)|呢[？?。！!\s]*$/iu;
/** Words that stand for what was spoken of. */
const POINTS =
  /\b(?:it|its|that|this|they|them|those|these|there|the former|the latter|the other one|which one)\b|(?:它|他们|这个|那个|这种|那种|这样|那样|上面|前者|后者|哪个|其中)/iu;
const LANGUAGE = [
  /^(?:(?:and|now|please|again|can you|could you|say|show|answer|explain|translate|repeat|tell|write|give|the|me|it|that|this|same|thing)\s+)*(?:in|into|to)\s+(chinese|english)(?:[\s,]+(?:please|again|now))*[.!?]*$/i,
  /^(?:请|能|可以|麻烦|再|你|不能|帮我|把它|换|改)*(?:用|换成?|翻译成|翻成|说|讲)(中文|汉语|英文|英语)(?:再|给我|来)*(?:说|讲|回答|解释|写|来)?(?:一遍|一下|一次)?(?:吗|呢|吧)?[。？?！!]*$/u,
  /^(中文|英文|英语)(?:呢|版|的呢|版本)?[。？?]*$/u,
];
/** What has been read counts for less by so much strength. */
const SEEN = 1;
/** One thing more that is asked of an answer is told by an answered question rather than by a section, by so much strength. */
const SECTION = 2;
/** Longer questions speak for themselves. */
const SHORT = { words: 12, han: 20 };
/** What speaks of more than so many things by itself needs nothing before it. */
const OWN = { joins: 4, else: 3 };
/** So probably answered by itself, a question that only points stands for itself; one that does neither, far earlier. */
const ALONE = { points: 0.9, neither: 0.5 };
/** How sure of the answer to a bare “why?” one may be at most. */
const BARE = 0.5;
/** Share of what is rare in a question that a unit of the note tells. */
const KNOWN = 0.5;

/**
 * Reads a question in the light of the last answer where it leans on it: a request such as “give an example”, or
 * a short question that joins on to what was said, or whose subject is missing. Any other question stands for itself.
 */
export function readBack(text: string, spoken: Hit, { hit, rank, isNamed, outcomeOf }: Reader): Outcome {
  const asked = text.trim();
  const locale = languageAsked(asked);
  if (locale) return { kind: 'answer', hit: spoken, alternatives: [], probability: 1, locale };
  const direct = EXAMPLE.test(asked) ? hit('#example') : MORE.test(asked) ? further(spoken, hit) : undefined;
  if (direct) return { kind: 'answer', hit: direct, alternatives: [], probability: 1 };
  const alone = rank(asked);
  if (!leans(asked, isNamed(asked), alone, spoken.topic.id)) return outcomeOf(alone);
  const together = rank(asked, { topic: spoken.topic.id, text: contextOf(spoken) });
  // What has just been read is less likely to be the answer to what is asked about it.
  const seen = unitOf(spoken);
  const worth = ({ topic, unit, strength }: Found) =>
    strength - (topic === spoken.topic.id && unit === seen ? SEEN : 0) - (unit.startsWith('#') ? SECTION : 0);
  const isNew = ({ topic, unit }: Found) => substance(asked) > 0 || topic !== spoken.topic.id || unit !== seen;
  const found = together.found.filter(isNew).toSorted((a, b) => worth(b) - worth(a));
  // Where it asks nothing of its own, how sure it is would be about the answer before.
  const probability = substance(asked) > 0 ? together.probability : Math.min(together.probability, BARE);
  return outcomeOf(found.length > 0 ? { ...together, found, probability } : alone);
}

/** “In Chinese, please”, 用英文说一遍: the last answer once more in that language. */
function languageAsked(text: string): Locale | undefined {
  const name = LANGUAGE.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  return name === undefined ? undefined : toLocale(/chinese|中文|汉语/i.test(name) ? 'zh' : 'en');
}

/** @param named it names a topic itself */
function leans(text: string, named: boolean, { probability, found }: Ranking, topic: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const short = han > 0 ? han <= SHORT.han : text.split(/\s+/).length <= SHORT.words;
  const own = substance(text);
  if (!short || own > (JOINS.test(text) ? OWN.joins : OWN.else)) return false;
  if (JOINS.test(text) || own === 0) return true;
  if (named) return false;
  if (POINTS.test(text)) return probability < ALONE.points;
  // Neither joined nor pointing: the note that was spoken of must know what it asks.
  const known = Math.max(0, ...found.filter((one) => one.topic === topic).map(({ evidence }) => evidence.told));
  return probability < ALONE.neither && known >= KNOWN;
}

/** How much it speaks of itself: known expressions and English words count one, a Chinese character half. */
function substance(text: string): number {
  const terms = termsOf(text).main.split(' ').filter(Boolean);
  return terms.reduce((sum, term) => sum + (isHan(term) ? (term.length === 1 ? 0.5 : 0) : 1), 0);
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
