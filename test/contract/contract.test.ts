import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../commands/index.ts';
import { type Reply, toText } from '../../src/core/reply.ts';
import { rightPicks } from '../../src/quiz/grade.ts';
import { until } from '../helpers/slack/bench.ts';
import { openDiscord } from './discord.ts';
import { type Contestant, comparable, type StageOptions, wordsOf } from './platform.ts';
import { openSlack } from './slack.ts';
import { openTerminal } from './terminal.ts';
import { openWeb } from './web.ts';

const open: Record<string, (options: StageOptions) => Promise<Contestant>> = {
  terminal: openTerminal,
  web: openWeb,
  slack: openSlack,
  discord: openDiscord,
};
const PLATFORMS = Object.keys(open);

/** What nobody sees: it turns the direction of what follows, hides, or looks like nothing. */
const HIDDEN = '\u202e\u2066\u200b\u2060\u00ad\u061c\u3164\u{e0041}';
const INVISIBLE = /(?![\n\t])[\p{Cc}\p{Cf}\u3164]/u;

/** Every command by its first example; those that need a quiz come in the game below. */
const EXAMPLES = [...registry.values()].map(({ examples }) => examples[0]!).filter((line) => !line.startsWith('/quiz'));
const LINES = [
  ...EXAMPLES,
  '/lang auto',
  '/explain 梯度消失',
  '/explain quantum chromodynamics',
  'why does batchnorm behave differently at test time?',
  '/demo gradient-descent seed:3',
  '/demo gradient-norms depth:-3',
  '/lang klingon',
  '/quiz stop',
  `/explain quan${HIDDEN}tum`,
  `/explain \u001b]0;x\u0007quantum`,
  `/demo gradient-norms depth:5${HIDDEN}x`,
  `/demo gradient-${HIDDEN}nroms`,
  `why does ${HIDDEN} the sky?`,
  `/lang ${HIDDEN}klingon`,
];

const FOR_MANAGERS = /^\/(?:class|gaps|settings|notes)\b/;

/** What one platform says otherwise, on purpose. */
const FALLBACKS: Record<string, string[]> = {
  // A table becomes a list whose rows begin with the first column, so its name is not repeated.
  discord: ['Claim'],
};

/** What a space of many channels is called there, where it is called otherwise than in the terminal; English and Chinese. */
const PLACES: Record<string, [from: string, to: string][]> = {
  slack: [
    ['server', 'workspace'],
    ['服务器', '工作区'],
  ],
};

/** An outcome in the terminal as another platform has to say it. */
function inWordsOf(platform: string, outcome: Outcome): Outcome {
  const json = (PLACES[platform] ?? []).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(outcome));
  return JSON.parse(json) as Outcome;
}

interface Outcome {
  what: string;
  replies: ReturnType<typeof comparable>[];
  posts: ReturnType<typeof comparable>[];
}

interface Played {
  contestant: Contestant;
  outcomes: Outcome[];
  raw: Reply[];
  /** Everything that could be seen at any time. */
  seen: () => Promise<string>;
}

const played = new Map<string, Played>();

/** Plays the script on one platform. */
async function play(contestant: Contestant): Promise<Played> {
  const { stage, ids } = contestant;
  const outcomes: Outcome[] = [];
  const glimpses = new Set<string>();
  const note = async (what: string, work: () => Promise<void>) => {
    const [replies, posts] = [stage.replies.length, stage.posts.length];
    await work();
    // On some platforms a message is on its way for a while.
    await stage.program.services.quiz.idle();
    glimpses.add(await contestant.visible());
    outcomes.push({
      what,
      replies: stage.replies.slice(replies).map((reply) => comparable(reply, ids)),
      posts: stage.posts.slice(posts).map((reply) => comparable(reply, ids)),
    });
  };
  const say = (user: string, text: string) => note(`${user}: ${text}`, () => contestant.act(user, { text }));
  const press = (user: string, name: string, id: string) => note(`${user} presses ${name}`, () => contestant.act(user, { press: id }));
  const wait = (ms: number) => note(`${ms} ms pass`, () => stage.clock.advance(ms));

  for (const [i, line] of LINES.entries()) {
    // Nobody may say more than thirty things at once.
    if (i > 0 && i % 20 === 0) await wait(10_000);
    // Who manages a room differs; Bob manages none.
    await say(FOR_MANAGERS.test(line) ? 'bob' : 'alice', line);
  }
  await press('bob', 'a stale button', '1~quiz~pick~nonsense~0~0');
  await press('bob', 'a note’s button', '1~explain~topic~batch-size');
  await say('alice', '/quiz start topic:gradient questions:2 lobby:0 seconds:30');
  for (let position = 0; position < 2; position++) {
    await wait(3_000);
    const { quiz, notes } = stage.program.services;
    const live = await until('the question', () => {
      const running = quiz.inRoom(contestant.room);
      return running?.state.position === position && running.state.phase === 'open' && running;
    });
    const { questionId, instance } = live.stored.questions[position]!;
    const question = notes.content().questions.get(questionId)!;
    const right = rightPicks(question, instance);
    const pick = (choice: number) => `1~quiz~pick~${live.stored.id}~${position}~${choice}`;
    for (const choice of right ?? []) await press('bob', 'a right choice', pick(choice));
    if (right) await press('carol', 'a wrong choice', pick([0, 1, 2, 3].find((choice) => !right.includes(choice))!));
    else {
      await say('bob', `/answer ${question.kind === 'numeric' ? question.answer : ''}`);
      await say('carol', '/answer 12345');
    }
    await press('carol', 'a choice that is none', pick(9));
    await wait(31_000);
    await wait(15_000);
  }
  await wait(60_000);
  await say('bob', '/scores');
  await say('bob', '/progress');
  await say('carol', '/review topic:gradient');
  const seen = async () => [...glimpses, await contestant.visible()].join('\n');
  return { contestant, outcomes, raw: [...stage.replies, ...stage.posts], seen };
}

beforeAll(async () => {
  const cache = mkdtempSync(join(tmpdir(), 'contract-cache-'));
  const warm = await openTerminal({ folder: cache, cache });
  for (const line of LINES.filter((one) => one.startsWith('/demo '))) await warm.act('alice', { text: line });
  await warm.close();
  for (const platform of PLATFORMS) {
    const contestant = await open[platform]!({ folder: mkdtempSync(join(tmpdir(), `contract-${platform}-`)), cache });
    played.set(platform, await play(contestant));
  }
}, 180_000);
afterAll(async () => {
  for (const { contestant } of played.values()) await contestant.close();
});

describe.each(PLATFORMS)('on %s', (platform) => {
  it('every command and press has the same outcome and says the same', () => {
    const [reference, own] = [played.get(PLATFORMS[0]!)!, played.get(platform)!];
    expect(own.outcomes.map(({ what }) => what)).toEqual(reference.outcomes.map(({ what }) => what));
    // How commands are typed differs: /help says it as the platform has it.
    const shared = (outcome: Outcome) =>
      /: \/help/.test(outcome.what)
        ? { ...outcome, replies: outcome.replies.map(({ result, visibility }) => ({ result, visibility })) }
        : outcome;
    for (const [i, outcome] of own.outcomes.entries())
      expect(shared(outcome), outcome.what).toEqual(shared(inWordsOf(platform, reference.outcomes[i]!)));
  });

  it('people can see every word of it', async () => {
    const { raw, seen } = played.get(platform)!;
    const words = [...new Set(raw.flatMap(wordsOf))];
    expect(words.length).toBeGreaterThan(500);
    // The last edits and uploads may still be on their way.
    const missing = async () => {
      const shown = await seen();
      return words.filter((word) => !shown.includes(word) && !FALLBACKS[platform]?.includes(word));
    };
    await until('every word', async () => (await missing()).length === 0, 8_000).catch(() => {});
    expect(await missing()).toEqual([]);
  });

  it('nothing invisible that somebody typed comes back in our words', async () => {
    const { raw, seen } = played.get(platform)!;
    expect(raw.filter((reply) => INVISIBLE.test(JSON.stringify(reply.result ?? null) + toText(reply)))).toEqual([]);
    const lines = (await seen()).split('\n');
    expect(lines.some((line) => line.includes('5x'))).toBe(true);
    expect(lines.filter((line) => INVISIBLE.test(line))).toEqual([]);
  });
});

it('the script reaches the podium, scores, and every kind of outcome', () => {
  const { outcomes } = played.get('terminal')!;
  const results = outcomes
    .flatMap(({ replies, posts }) => [...replies, ...posts])
    .map(({ result }) => result as { kind?: string; state?: string });
  expect(new Set(results.map((result) => result?.kind))).toEqual(new Set(['answer', 'demo', 'info', 'error', 'quiz', 'scores']));
  expect(results.some((result) => result?.state === 'ended')).toBe(true);
});
