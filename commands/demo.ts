import { type Context, defineCommand } from '../src/core/command.ts';
import { UserError } from '../src/core/errors.ts';
import { actionId } from '../src/core/ids.ts';
import { localize } from '../src/core/locale.ts';
import { type Reply, say, whisper } from '../src/core/reply.ts';
import { MAX_SEED, rangeOf } from '../src/demos/params.ts';
import { claimCheck, compare, demoBlocks, demoResult, listBlocks } from '../src/demos/present.ts';
import type { Claim, Topic } from '../src/notes/content.ts';

export default defineCommand({
  name: 'demo',
  description: {
    en: 'Run an experiment now: a chart, and measured beside predicted',
    zh: '现在就做一次实验：图表，以及实测与理论对照',
  },
  visibility: 'public',
  slow: true,
  examples: ['/demo gradient-norms', '/demo gradient-norms depth:20 seed:7', '/demo'],
  options: {
    name: {
      type: 'string',
      positional: true,
      maxLength: 80,
      description: { en: 'which experiment; leave out for the list', zh: '哪个实验；留空则列出全部' },
      suggest: (services, typed, locale) => services.demos.suggest(typed, locale).map(({ value, label }) => ({ value, label })),
    },
    seed: {
      type: 'integer',
      min: 0,
      max: MAX_SEED,
      description: { en: 'repeats a run exactly', zh: '随机种子：相同种子得到相同数字' },
    },
    parameters: {
      type: 'pairs',
      description: {
        en: 'the experiment’s own parameters, e.g. depth:20',
        zh: '实验自己的参数，如 depth:20',
      },
      suggest(services, typed, locale, { name }) {
        const demo = services.demos.get(String(name ?? ''));
        if (!demo) return [];
        const typedName = typed.split(':')[0]!.toLowerCase();
        return Object.entries(demo.params)
          .filter(([parameter]) => parameter.startsWith(typedName))
          .map(([parameter, param]) => ({
            value: typed.includes(':') ? typed : `${parameter}:${String(param.default)}`,
            label: `${parameter}: ${localize(param.description, locale)} (${rangeOf(param)})`,
          }));
      },
    },
  },
  run(ctx, { name, seed, parameters }) {
    if (name === undefined) {
      const demos = ctx.services.demos.list();
      return whisper(listBlocks(demos, ctx.locale, ctx.t), {
        kind: 'info',
        demos: demos.map((demo) => demo.name),
      });
    }
    return show(ctx, name, parameters, seed);
  },
  actions: {
    claim(ctx, [topicId, claimId]) {
      const topic = ctx.services.notes.topic(topicId ?? '');
      const claim = topic?.claims.find(({ id }) => id === claimId);
      if (!topic || !claim) throw new UserError('stale-button');
      return show(ctx, claim.demo, claim.params, undefined, claim);
    },
    vary(ctx, [name, which, seed]) {
      const demo = ctx.services.demos.get(name ?? '');
      if (!demo) throw new UserError('stale-button');
      const variation = demo.variations[Number(which)];
      return show(ctx, demo.name, variation?.params ?? {}, toSeed(seed));
    },
    fresh(ctx, [name, packed]) {
      const pairs = (packed ?? '')
        .split(';')
        .filter(Boolean)
        .map((pair) => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)]);
      return show(ctx, name ?? '', Object.fromEntries(pairs) as Record<string, string>);
    },
    cancel(ctx) {
      const stopped = ctx.services.demos.cancel(ownerOf(ctx));
      return whisper([{ type: 'note', text: ctx.t(stopped > 0 ? 'demos.cancelling' : 'demos.nothing-to-cancel') }]);
    },
  },
});

async function show(ctx: Context, name: string, given: Readonly<Record<string, unknown>>, seed?: number, claim?: Claim): Promise<Reply> {
  const { services, locale, t, signal } = ctx;
  const run = await services.demos.run(name, given, seed ?? services.freshSeed(), {
    owner: ownerOf(ctx),
    signal,
    onProgress: ({ place, fraction }) => {
      const text = place > 0 ? t('demos.waiting', { place }) : t('demos.running', { percent: Math.round(fraction * 100) });
      ctx.progress(
        say(
          [
            { type: 'note', text },
            { type: 'buttons', items: [{ id: actionId('demo', 'cancel'), label: t('demos.cancel') }] },
          ],
          { kind: 'info', place, fraction },
        ),
      );
    },
  });
  const predictions = [...(claim ? [claimCheck(claim)] : []), ...run.outcome.checks.filter(({ id }) => id !== claim?.measure)];
  const presented = {
    run,
    image: await services.demos.draw(run, locale),
    checks: compare(predictions, run.outcome.measures, locale),
    topics: run.demo.topics.flatMap((id): Topic | Topic[] => services.notes.topic(id) ?? []),
  };
  return say(demoBlocks(presented, locale, t), demoResult(presented));
}

function ownerOf({ request }: Context): string {
  return `${request.platform}/${request.space}/${request.user.id}`;
}

function toSeed(text: string | undefined): number | undefined {
  const seed = Number(text);
  return text !== undefined && Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED ? seed : undefined;
}
