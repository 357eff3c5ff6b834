import type { Ranking } from './ranking.ts';
import type { Hit, Outcome } from './service.ts';

/** What `readBack` needs of the search. */
interface Reader {
  /** A unit of the topic that was spoken of. */
  hit(unit: string): Hit | undefined;
  rank(question: string, context?: string): Ranking;
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
/** Longer questions speak for themselves. */
const SHORT = { words: 9, han: 16 };

/**
 * Reads a question in the light of the last answer where it leans on it: a request such as “give an example”, or
 * a short question without a subject of its own. Any other question stands for itself.
 */
export function readBack(text: string, spoken: Hit, { hit, rank, isNamed, outcomeOf }: Reader): Outcome {
  const asked = text.trim();
  const direct = EXAMPLE.test(asked) ? hit('#example') : MORE.test(asked) ? further(spoken, hit) : undefined;
  if (direct) return { kind: 'answer', hit: direct, alternatives: [], probability: 1 };
  const alone = rank(asked);
  if (!leans(asked) || isNamed(asked)) return outcomeOf(alone);
  const together = rank(asked, contextOf(spoken));
  const own = { ...together, found: together.found.filter(({ topic }) => topic === spoken.topic.id) };
  return outcomeOf(own.found.length > 0 ? own : alone);
}

function leans(text: string): boolean {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const short = han > 0 ? han <= SHORT.han : text.split(/\s+/).length <= SHORT.words;
  return short && LEANS.test(text);
}

/** Names of what was spoken of, in every language. */
function contextOf(spoken: Hit): string {
  return Object.values(spoken.topic.texts)
    .map(({ title }) => title)
    .join(' ');
}

/** Where the note says more: the section behind an answer, the next section after a section. */
function further(spoken: Hit, hit: (unit: string) => Hit | undefined): Hit | undefined {
  if (spoken.kind === 'answer') return hit(`#${spoken.answer.section ?? 'idea'}`);
  const sections = Object.values(spoken.topic.texts)[0]?.sections ?? [];
  const next = sections[sections.findIndex(({ id }) => id === spoken.section) + 1];
  return next && hit(`#${next.id}`);
}
