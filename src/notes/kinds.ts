/** What a question wants to be told. */
export type Kind =
  | 'what'
  | 'why'
  | 'how'
  | 'value'
  | 'compare'
  | 'when'
  | 'code'
  | 'effect'
  | 'example'
  | 'whether'
  | 'misconception'
  | 'formula';

const PATTERNS: [Kind, RegExp][] = [
  [
    'why',
    /\bwhy\b|\bhow come\b|\breasons?\b|\bcauses?\b|\bpoint of\b|\bwhat makes\b|为什么|为啥|为何|凭什么|干嘛|原因|怎么会|道理|何以|咋就|是因为/,
  ],
  [
    'compare',
    /\bdifferen(?:ce|t|tiate)|\bvs\.?\b|\bversus\b|\bcompar|\bor\b|\bthan\b|\bbetter\b|\bdistinguish|区别|差别|不同|差异|对比|比较|还是|哪个|有何异同|相比|分不清/,
  ],
  [
    'value',
    /\bhow (?:many|much|large|big|small|long|high|deep)\b|\bwhat (?:value|size|rate|number|range)|\bwhich (?:value|size|rate)|\bdefault\b|\btypical|\brule of thumb|\bgood (?:value|choice|size|rate)|\brecommended|多少|多大|多长|多高|取值|默认|几个|一般(?:取|设|用|选)|合适|经验值|范围/,
  ],
  [
    'code',
    /\bpytorch\b|\bkeras\b|\btensorflow\b|\btorch\b|\bcode\b|\bimplement|\bapi\b|\bnumpy\b|\bhugging ?face\b|\bmodel\.\w+|\b\w+\(\)|代码|实现|怎么写|手写|调用|函数名/,
  ],
  [
    'when',
    /\bwhen (?:should|to|do|is|would|not)\b|\bwhen\b.*\buse\b|\bwhich situations?\b|\bin what case|什么时候|何时|哪些情况|什么情况|什么场景|适用/,
  ],
  [
    'effect',
    /\bwhat happens\b|\beffects?\b|\baffects?\b|\binfluence|\bimpact|\bconsequence|影响|后果|会怎样|会怎么样|会发生|会如何|会出现/,
  ],
  ['example', /\bexamples?\b|\binstance\b|\bnumerical\b|\bworked\b|例子|举例|举个|算一下|数值/],
  [
    'formula',
    /\bformula|\bequation|\bderiv(?:e|ation)|\bproof\b|\bprove\b|\bcompute[ds]?\b|\bcalculat|公式|推导|证明|怎么算|怎么求|计算|求导|表达式/,
  ],
  ['misconception', /\bmisconception|\bmyth\b|\bwrongly\b|\bcommon mistake|误解|误区|说法.*(?:对|正确)|常见错误/],
  [
    'how',
    /\bhow (?:do|does|to|can|could|should|is|are|did|would|i)\b|^how\b|\bfix\b|\bsolve\b|\bavoid\b|\bprevent\b|\bways? to\b|怎么|怎样|如何|咋|办法|解决|方法|步骤|流程/,
  ],
  [
    'whether',
    /^(?:is|are|does|do|did|can|could|should|will|would|has|have|must|am|isn't|aren't|doesn't|don't|shouldn't)\b|吗|是否|是不是|能不能|会不会|要不要|可不可以|有没有必要|对不对|可以.*[?？]$|需要.*[?？]$/,
  ],
  [
    'what',
    /^what(?:'s|s| is| are| was| does| do)\b.*|\bdefin(?:e|ition)|\bmeaning\b|\bwhat (?:exactly )?(?:is|are)\b|\bexplain\b|\bmean by\b|是什么|什么是|是啥|啥是|什么意思|啥意思|定义|概念|何为|什么叫|指的是|是指|解释|介绍|讲讲|说说|含义|理解/,
  ],
];

/** The kinds of a question by its words; several may hold (“why is X better than Y” is a why and a comparison). */
export function kindsOf(question: string): Kind[] {
  const text = question.normalize('NFKC').toLowerCase().trim();
  return PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind);
}

/** What the usual sections of a note tell. */
const SECTIONS: Record<string, Kind[]> = {
  idea: ['what'],
  intuition: ['why', 'what'],
  maths: ['formula', 'why', 'how'],
  example: ['example', 'value'],
  wrong: ['misconception'],
  practice: ['how', 'when', 'value', 'code', 'whether'],
};

/** The kinds that a section answers by its place in the note; its heading may add others. */
export function kindsOfSection(id: string, headings: readonly string[]): Kind[] {
  return [...new Set([...(SECTIONS[id] ?? []), ...headings.flatMap(kindsOf)])];
}
