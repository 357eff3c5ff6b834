import { type Context, defineCommand } from '../src/core/command.ts';
import { errorReply, UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { localize } from '../src/core/locale.ts';
import { type Reply, say, whisper } from '../src/core/reply.ts';
import { findDemos } from '../src/demos/find.ts';
import { suggestParams, toKeys } from '../src/demos/param-names.ts';
import { MAX_SEED } from '../src/demos/params.ts';
import { demoBlocks, demoResult, listBlocks, present, unpackParams } from '../src/demos/present.ts';
import type { RunOptions } from '../src/demos/service.ts';
import type { Claim } from '../src/notes/content.ts';

/** Time to vote where none is given. */
const VOTE_SECONDS = 45;

export default defineCommand({
  name: 'demo',
  description: {
    en: 'Run an experiment now: a chart, and measured beside predicted',
    zh: '现在就做一次实验：图表，以及实测与理论对照',
  },
  visibility: 'public',
  whispers: ({ name, predict }) => name === undefined || predict === true,
  slow: true,
  examples: ['/demo gradient-norms', '/demo gradient-norms depth:20 seed:7', '/demo saturation predict:true', '/demo'],
  options: {
    name: {
      type: 'string',
      positional: true,
      rest: true,
      // Long enough for the whole line that a run prints.
      maxLength: 400,
      description: { en: 'which experiment; leave out for the list', zh: '哪个实验；留空则列出全部' },
      suggest: (services, typed, locale) => services.demos.suggest(typed, locale).map(({ value, label }) => ({ value, label })),
    },
    seed: {
      type: 'integer',
      min: 0,
      max: MAX_SEED,
      description: { en: 'repeats a run exactly', zh: '随机种子：相同种子得到相同数字' },
    },
    predict: {
      type: 'boolean',
      description: { en: 'first ask this room what it expects, then show it', zh: '先让大家投票预测结果，再揭晓' },
    },
    seconds: {
      type: 'integer',
      min: 10,
      max: 3600,
      description: { en: `with predict: time to vote (${VOTE_SECONDS})`, zh: `与 predict 同用：投票时间（默认 ${VOTE_SECONDS} 秒）` },
    },
    parameters: {
      type: 'pairs',
      description: {
        en: 'the experiment’s own parameters, e.g. depth:20',
        zh: '实验自己的参数，如 depth:20',
      },
      suggest(services, typed, locale, { name, parameters }) {
        const demo = services.demos.get(String(name ?? ''));
        return demo ? suggestParams(demo, typed, parameters, locale) : [];
      },
    },
  },
  async run(ctx, { name, seed, parameters: given, predict, seconds = VOTE_SECONDS }) {
    const parameters = toKeys(given);
    if (name === undefined) {
      const demos = ctx.services.demos.list();
      return whisper(listBlocks(demos, ctx.locale, ctx.t), {
        kind: 'info',
        demos: demos.map((demo) => demo.name),
      });
    }
    const demo = which(ctx, name);
    if (typeof demo !== 'string') return demo;
    if (!predict) return show(ctx, demo, parameters, seed);
    const { request, room, locale, services } = ctx;
    // The question is a message that the bot posts by itself.
    if (request.cannotPost) throw new UserError(request.cannotPost.code, request.cannotPost.params);
    // The board is the room's and speaks its language, where it has one.
    const spoken = (await services.settings.localeOf(room.platform, room.space, 'room', room.room)) ?? locale;
    const { id, deadline } = await services.predictions.start({
      ...{ room, host: request.user, locale: spoken, request: request.id, demo, params: parameters, seconds },
      seed: seed ?? services.freshSeed(),
    });
    return whisper([{ type: 'deadline', text: ctx.t('predict.started'), at: deadline }], { kind: 'info', prediction: id, deadline });
  },
  actions: {
    async predict(ctx, [id = '', choice = '']) {
      const { text, deadline } = await ctx.services.predictions.vote(id, ctx.room, ctx.request.user, choice);
      const note = { type: 'note', text: ctx.t('predict.voted', { choice: text }) } as const;
      const until = deadline === null ? [] : [{ type: 'deadline', text: ctx.t('predict.may-change'), at: deadline } as const];
      return whisper([note, ...until], { kind: 'info', prediction: id, choice });
    },
    async reveal(ctx, [id = '']) {
      await ctx.services.predictions.closeNow(id, ctx.room, ctx.request.user);
      return whisper([{ type: 'note', text: ctx.t('predict.revealing') }], { kind: 'info', prediction: id });
    },
    claim(ctx, [topicId, claimId]) {
      const topic = ctx.services.notes.topic(topicId ?? '');
      const claim = topic?.claims.find(({ id }) => id === claimId);
      if (!topic || !claim) throw new UserError('stale-button');
      return show(ctx, claim.demo, claim.params, undefined, claim);
    },
    vary(ctx, [name, which, seed, packed]) {
      const demo = ctx.services.demos.get(name ?? '');
      if (!demo) throw new UserError('stale-button');
      const variation = demo.variations[Number(which)];
      return show(ctx, demo.name, { ...unpackParams(packed), ...variation?.params }, toSeed(seed));
    },
    fresh(ctx, [name, packed]) {
      return show(ctx, name ?? '', unpackParams(packed));
    },
    async cancel(ctx) {
      const stopped = await ctx.services.demos.cancel(ownerOf(ctx));
      const reply = whisper([{ type: 'note', text: ctx.t(stopped > 0 ? 'demos.cancelling' : 'demos.nothing-to-cancel') }]);
      // The run's own message says that it has ended.
      return stopped > 0 ? { ...reply, echo: true } : reply;
    },
  },
});

/** The experiment that is meant by a name or words of its title, or a reply that offers those that may be. */
function which({ services, locale, t }: Context, typed: string): string | Reply {
  const { matches, near, slip } = findDemos(services.demos.list(), typed);
  const [only, ...others] = matches;
  if (only && others.length === 0) return only.name;
  const offered = [...matches, ...near].slice(0, MOST_OFFERED);
  const items = offered.map(({ name, title }) => ({ id: actionId('demo', 'fresh', name), label: localize(title, locale) }));
  const buttons = { type: 'buttons', items } as const;
  if (only) {
    const shown = { type: 'note', text: t('demos.which', { typed: typed.slice(0, 40) }) } as const;
    return whisper([shown, buttons], { kind: 'info', demos: offered.map(({ name }) => name) });
  }
  const names = offered.map(({ name }) => name).join(', ');
  const told = { demo: typed.slice(0, 40), demos: names, suggestion: slip?.name ?? '' };
  const reply = errorReply(new UserError(slip ? 'unknown-demo-did-you-mean' : 'unknown-demo', told), t);
  return { ...reply, blocks: [...reply.blocks, buttons] };
}

/** One row on every platform. */
const MOST_OFFERED = 5;

async function show(ctx: Context, name: string, given: Readonly<Record<string, unknown>>, seed?: number, claim?: Claim): Promise<Reply> {
  const { services, locale, t, signal } = ctx;
  const run = await services.demos.run(name, given, seed ?? services.freshSeed(), {
    owner: ownerOf(ctx),
    signal,
    onProgress: progressOf(ctx),
  });
  const presented = await present(services, run, locale, claim);
  return say(demoBlocks(presented, locale, t), demoResult(presented, locale));
}

/** A short run shows no progress; a longer one from now and then. A place in the queue is shown whenever it changes. */
const SHOW_EVERY = 2_000;

function progressOf({ services: { clock }, t, progress }: Context): NonNullable<RunOptions['onProgress']> {
  let shownAt = clock.now();
  return ({ place, fraction }) => {
    const now = clock.now();
    // The clock may be set back.
    if (place === 0 && Math.abs(now - shownAt) < SHOW_EVERY) return;
    shownAt = now;
    const text = place > 0 ? t('demos.waiting', { place }) : t('demos.running', { percent: Math.round(fraction * 100) });
    progress(
      say(
        [
          { type: 'note', text },
          { type: 'buttons', items: [{ id: actionId('demo', 'cancel'), label: t('demos.cancel') }] },
        ],
        { kind: 'info', place, fraction },
      ),
    );
  };
}

function ownerOf({ request }: Context): string {
  return `${request.platform}/${request.space}/${request.user.id}`;
}

function toSeed(text: string | undefined): number | undefined {
  const seed = Number(text);
  return text !== undefined && Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED ? seed : undefined;
}
