import { Converter } from 'opencc-js/t2cn';
import snowball from 'snowball-stemmers';

const toSimplified = Converter({ from: 'tw', to: 'cn' });
const stemmer = snowball.newStemmer('english');
const HAN = /\p{Script=Han}/u;
/** Han runs and runs of other letters, also where they touch: `batch大小` is two words. */
const WORDS = /\p{Script=Han}+|[[\p{L}\p{N}]--\p{Script=Han}]+/gv;

/** Words that say nothing about the subject, in English. Chinese needs none: its bigrams are rare enough. */
const STOP = new Set(
  'a an and any are as at be been but by can could did do does for from had has have how i if in into is it its just me my no not of on or our out over she so some such than that the their them then there these they this to too was we were what when where which while who whom whose why will with would you your'.split(
    ' ',
  ),
);

/** NFKC, lower case, Traditional to Simplified: the form in which texts are compared. */
export function normalise(text: string): string {
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.toLowerCase();
  return toSimplified(text.normalize('NFKC').toLowerCase());
}

/** Only letters and digits, so that `batch-norm`, `Batch Norm` and `batchnorm` are one name. */
export function squeeze(text: string): string {
  return normalise(text).replace(/[^\p{L}\p{N}]/gu, '');
}

/** Names that only their case tells from others: mean average precision, and maximum a posteriori. */
const CASED = /\bmAP\b/g;

/** Words of a text in order: Latin words whole, Han runs whole. Not stopped, not stemmed. */
export function words(text: string): string[] {
  return normalise(text.replace(CASED, 'mean average precision')).match(WORDS) ?? [];
}

/**
 * Index terms: Han characters one by one and in pairs, Latin words without stop words, stemmed (Snowball).
 * The recipe measured best for Chinese and English together; see docs on search in ARCHITECTURE.md.
 */
export function analyse(text: string): string[] {
  const terms: string[] = [];
  for (const word of words(text)) {
    if (HAN.test(word)) {
      const chars = [...word];
      chars.forEach((char, i) => {
        terms.push(char);
        if (i + 1 < chars.length) terms.push(char + chars[i + 1]!);
      });
    } else if (!STOP.has(word)) terms.push(stem(word));
  }
  return terms;
}

/** English words of talk: they ask, join or colour, and say nothing about the subject. Left out of questions and of what they are held against. */
const TALK = new Set(
  'about actually again all also always am another anyone anybody apparently around ask asked asking away basically because bit both bunch came cannot cant come comes completely confused confusing couple curious dear did didnt doesnt doing dont done dumb easy either else enough ever every everybody everyone everything exactly explain feel few find folks found get gets getting give gives go goes going gone gonna good got guess guy guys happen happened happening happens heard hello help here hey hi his idea im isnt ive keep keeps kind know known later least let lets like likely little look looks lot lots mainly make makes making many maybe mean means might more most much must need needed needs new newbie nice nothing now obviously off often ok okay old once one only other others part people perhaps person please possible possibly practice pretty probably put question quite rather read reading real really reason regarding right roughly said same saw say saying says see seem seems seen several shall simple simply simplest since somebody someone something sometimes somewhere soon sort still stuff suddenly suppose supposed sure take takes talk tell thank thanks thing things think thinking thought though through thus til till time times told took totally tried tries true try trying two type under understand until up upon us usually very via want wanted wants way ways week well went whatever whenever whether whole wonder wondering wont word words would yes yet'.split(
    ' ',
  ),
);
/** The same in Chinese; longest first. */
const TALK_ZH =
  /怎么回事|咋回事|是怎么|为什么会|搞不懂|搞不清|分不清|不明白|不理解|想不通|有没有人|各位大佬|请问一下|有人知道|的情况下|一般来说|通俗地讲|大白话|比方说|打个比方|求解释|求大佬|求助|请教|帮忙|大佬们?|各位|老师|同学|老板|小白|新手|初学者|面试官?|书上|网上|论文里?|教程|听说|看到|据说|都说|有人|别人|人家|大家|真的|到底|究竟|其实|老是|总是|总|一直|有点|感觉|觉得|好像|似乎|大概|差不多|时候|里面|里头|来说|来讲|的话|说法|说明|这样|那样|这种|那种|这些|那些|这里|那里|之后|以后|以前|现在|最近|今天|突然|然后|所以|因为|但是|不过|而且|虽然|如果|假如|要是|比如|例如|包括|以及|其中|咋|啥|呀|嘛|哦|哪|几|很|太|更|最|再|还|只|没|请|求|帮|讲|叫|跟|让|给|用|拿|来|去|上|里|下|着|过|得|地|所|等|该|各|每|某|本|另|并|而|但|却|则|即|若|因|由|于|自|当|凡/gu;

/** Words that ask or join and say nothing about the subject, in Chinese; longest first. */
const FUNCTION_WORDS =
  /为什么|为什麽|什么样|什么|怎么样|怎么办|怎么|怎样|如何|哪些|哪个|哪种|多少|是不是|会不会|能不能|可不可以|可以|应该|需要|是否|有没有|请问|一下|的话|[我你他她它谁的了吗呢吧啊是在和与及或也都就才又被把对从到会能要有个这那么]/gu;

/** A normalised text with a space in place of each Chinese word that only asks or joins. */
export function cutFunctionWords(text: string): string {
  return text.replace(FUNCTION_WORDS, ' ');
}

/** Both at once, longest first: 哪些 is one word, of which 哪 alone must leave no 些. */
const SAYS_NOTHING_ZH = new RegExp(
  [FUNCTION_WORDS, TALK_ZH]
    .flatMap(({ source }) => source.split('|'))
    .sort((a, b) => Number(a.startsWith('[')) - Number(b.startsWith('[')) || b.length - a.length)
    .join('|'),
  'gu',
);

/** An English word that says nothing about the subject. */
export function isStopWord(word: string): boolean {
  return STOP.has(word) || TALK.has(word);
}

/** A normalised text with a space in place of each Chinese word of talk, function words included. */
export function cutTalk(text: string): string {
  return text.replace(SAYS_NOTHING_ZH, ' ');
}

/** -ise and -ize are one ending; that noise becomes noize on both sides does no harm. */
const BRITISH = /is(e|es|ed|er|ers|ing|ation|ations)$/;

const stems = new Map<string, string>();

/** Snowball's stem. Stemming is the slowest step and vocabulary repeats, so stems are kept. */
export function stem(word: string): string {
  let found = stems.get(word);
  if (found === undefined) {
    if (stems.size > 50_000) stems.clear();
    found = stemmer.stem(word.replace(BRITISH, 'iz$1'));
    stems.set(word, found);
  }
  return found;
}

export function isHan(text: string): boolean {
  return HAN.test(text);
}
