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
  | 'formula'
  | 'remedy'
  | 'purpose'
  | 'drawback'
  | 'choice'
  | 'list'
  | 'symptom';

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
    'remedy',
    /\bfix|\bsolv|\bavoid|\bprevent|\bresolv|\bhandl|\bdeal(?:ing)? with\b|\bcope\b|\bovercom|\bmitigat|\balleviat|\breduc|\bcombat|\bfight|\bcounter(?:act)?\b|\bcure|\bremed|\btackl|\bget rid of\b|\bwhat (?:can|should|do) (?:i|you|we) do\b|解决|处理|避免|防止|缓解|改善|应对|克服|怎么办|咋办|对付|减轻|消除/,
  ],
  [
    'purpose',
    /\bpurpose|\buse of\b|\bused for\b|\bwhat for\b|\bwhat (?:is|are|does|do)\b.*\b(?:for|do)\b[?.! ]*$|\bbenefit|\badvantage|\bgood for\b|\bpros\b|\brole\b|\bpoint of\b|\bhelps?\b|\bwhy (?:do (?:we|you|people)|would (?:i|you|we|one)|does everyone)?\s*(?:use|need)\b|作用|用处|有什么用|有啥用|干嘛|干什么|干啥|好处|优点|优势|意义|目的|用途|为了什么/,
  ],
  [
    'drawback',
    /\bdisadvantage|\bcons\b|\bdrawback|\blimit(?:s|ation)|\bdownside|\bfails?\b|\bweakness|\bwrong with\b|\b(?:issues|problems|pitfalls|shortcomings|challenges)\b|(?:什么|哪些|啥)(?:问题|坑)|缺陷|缺点|劣势|不足|局限|弊端|坏处|代价|失效/,
  ],
  [
    'choice',
    /\bwhich\b.*\b(?:use|choose|pick|prefer|best|better|should|would|first)\b|\bcho(?:ose|ice|osing)\b|\bpick|\bselect(?:ing)?\b|\bshould i use\b|怎么选|如何选|选择|选哪|选用|选什么|用哪|哪个好|哪种好|挑|怎么设|如何设|怎么定|如何确定/,
  ],
  [
    'list',
    /\b(?:types?|kinds?|sorts) of\b|\blist\b|\bcommon\b|\boverview\b|\bwhat are (?:the|some)\b|\bwhich\b.*\b(?:are there|exist)\b|\bwhat .*\bare there\b|\bmethods\b|\btechniques\b|\bways to\b|\bmechanisms\b|哪些|哪几|几种|常见|常用|(?:怎么|如何|有哪些?)分类|分为|种类|汇总|总结/,
  ],
  [
    'symptom',
    /\bnan\b|\binf\b|\b(?:loss|acc(?:uracy)?|errors?|gradients?|weights|outputs?|predictions?|perplexity|model|network|classifier|training|validation|it|results?|scores?|samples?)\b.*?\b(?:(?:suddenly |then |slowly |gradually |keeps? )?(?:increas(?:es|ed|ing)|ris(?:es|ing)|rose|go(?:es|ing) (?:up|down|to)|drop(?:s|ped)|explod(?:es|ed|ing)|jump(?:s|ed|ing)|fluctuat\w+|oscillat\w+|diverg(?:es|ed|ing)|repeat(?:s|ing)?)|stuck|spik(?:es|ed|ing)|(?:does|do|did|is|are|am|was|will|can)(?:n['’]?t| not)|stays?|remains?|always|only predict\w*|constant|flat|all (?:zeros?|the same)|same (?:class|label|output)|poor(?:ly)?|worse|far (?:below|above)|never)\b|(?:loss|损失|准确率|正确率|精度|acc|误差|梯度|权重|输出|结果|预测|效果|模型|训练|验证|测试).*?(?:不下降|不降|降不|下不去|上不去|上不来|不上升|不收敛|收敛不|不变|没有?变化|nan|为0|是0|变成0|突然|飙升|猛增|暴涨|上升|升高|变大|震荡|抖动|波动|跳动|卡住|卡在|停在|停滞|一直|总是|反而|很差|很低|变差|(?<!梯度)下降|不如|不好|不动|全是|都是|全部预测|发散|重复|复读)/,
  ],
  [
    'whether',
    /^(?:is|are|does|do|did|can|could|should|will|would|has|have|must|am|isn't|aren't|doesn't|don't|shouldn't)\b|吗|是否|是不是|能不能|会不会|要不要|可不可以|有没有必要|对不对|可以.*[?？]$|需要.*[?？]$/,
  ],
  [
    'what',
    /^what(?:'s|s| is| are| was| does| do)\b.*|\bdefin(?:e|ition)|\bmeaning\b|\bwhat (?:exactly )?(?:is|are)\b|\bexplain\b|\bunderstand\b|\bmean by\b|\bwhat [\w\s-]{2,40} (?:is|are|means?)\b|是什么|什么是|(?:代表|表示|指|意味着)(?:的是|了)?什么|是啥|啥是|什么意思|啥意思|定义|概念|何为|什么叫|指的是|是指|解释|介绍|讲讲|说说|含义|理解/,
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
