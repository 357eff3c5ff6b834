/** What people say to a bot that is no question about the subject. */
export type SmallTalk = 'hello' | 'thanks' | 'who' | 'bye' | 'praise';

const PATTERNS: [SmallTalk, RegExp][] = [
  [
    'hello',
    /^(?:hi|hii+|hello|hey|heya|yo|howdy|good (?:morning|afternoon|evening)|hi there|hello there|hey there|greetings|你好呀?|您好|哈喽|哈啰|嗨|早上好|早安|下午好|晚上好|大家好|在吗|在么|有人吗)$/,
  ],
  [
    'thanks',
    /^(?:thanks?(?: you)?(?: so much| a lot| very much)?|thx|ty|tysm|cheers|much appreciated|got it(?:,? thanks?)?|多?谢谢?(?:你|您|啦|了|大佬|老师)?|感谢|多谢|谢了|懂了|明白了|知道了|收到)$/,
  ],
  [
    'who',
    /^(?:who are you|what are you|what can you do|what do you do|are you (?:a bot|an ai|human|chatgpt|gpt)|what is your name|your name|introduce yourself|how do you work|你是谁|你是什么|你叫什么(?:名字)?|你能做什么|你会什么|你能干(?:什么|嘛|啥)|你会干(?:什么|嘛|啥)|你是(?:机器人|人工智能|ai|chatgpt|gpt)吗?|介绍一下(?:你)?自己|自我介绍)$/,
  ],
  ['bye', /^(?:bye|bye bye|goodbye|see you|see ya|good night|再见|拜拜|晚安|回见|下次见)$/],
  [
    'praise',
    /^(?:good bot|nice|cool|great|awesome|amazing|well done|ok|okay|good|lol|haha+|哈哈+|好的|好|真棒|厉害|牛|太棒了|不错|赞|嗯+|哦+)$/,
  ],
];

/** A greeting, thanks, or a question about the bot itself; undefined for anything that may be a real question. */
export function smallTalkOf(text: string): SmallTalk | undefined {
  const said = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s!?。,.~！？，、…]+/gu, ' ')
    .replace(/\p{Extended_Pictographic}|\u200d|\ufe0f/gu, '')
    .trim()
    .replace(/ (?:bot|tutor|there|all|everyone|guys|呀|啊|哦|哈)$/u, '');
  return PATTERNS.find(([, pattern]) => pattern.test(said))?.[0];
}
