import { randomUUID } from 'node:crypto';
import type { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import { LOCALES, type Locale, localize, toLocale } from '../../core/locale.ts';
import type { Request, User } from '../../core/request.ts';
import type { Demo } from '../../demos/demo.ts';
import { formatParams, MAX_SEED } from '../../demos/params.ts';
import { textOf } from '../../notes/content.ts';
import type { Services } from '../../services.ts';
import type { Web } from './app.ts';
import type { Env } from './identity.ts';
import { toPageBlocks } from './page-message.ts';
import { describeProblem, userName, userOf } from './requests.ts';
import { SPACE } from './space.ts';

const value = z.union([z.number(), z.boolean(), z.string().max(200), z.array(z.union([z.number(), z.string().max(40)])).max(40)]);
const body = z.strictObject({
  id: z.string().min(1).max(100).optional(),
  user: userName.optional(),
  demo: z.string().min(1).max(80),
  params: z.record(z.string().max(40), value).default({}),
  seed: z.number().int().min(0).max(MAX_SEED).optional(),
  locale: z.enum(LOCALES).optional(),
});

/** The lab: what can be run with which parameters, and running it. */
export function serveLab(app: Hono<Env>, { services, dispatch, rooms, identity, problem, localeOf }: Web): void {
  app.get('/api/demos', (c) => {
    const locale = localeOf(c);
    return c.json({ maxSeed: MAX_SEED, demos: services.demos.list().map((demo) => describe(demo, locale, services)) });
  });

  /** Answers line by line: how the run gets on, then the reply. Who closes the connection cancels the run. */
  app.post('/api/runs', async (c) => {
    const json: unknown = await c.req.json().catch(() => undefined);
    const parsed = body.safeParse(json);
    let request: Request;
    try {
      if (!parsed.success) throw new UserError('malformed-request', { reason: describeProblem(parsed.error) });
      request = toRequest(parsed.data, await userOf(identity, c, parsed.data.user), services);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return problem(c, error, 400, toLocale((json as { locale?: string } | undefined)?.locale) ?? localeOf(c));
    }
    const cancel = new AbortController();
    c.header('Content-Type', 'application/x-ndjson; charset=utf-8');
    c.header('X-Accel-Buffering', 'no');
    return stream(c, async (lines) => {
      lines.onAbort(() => cancel.abort());
      const reply = await dispatch(request, {
        signal: cancel.signal,
        progress: ({ result }) => void lines.writeln(JSON.stringify({ progress: result })),
      });
      const placed = rooms.toJson(reply);
      await lines.writeln(JSON.stringify({ reply: { ...placed, blocks: toPageBlocks(placed.blocks, request.id) } }));
    });
  });
}

function toRequest({ id, demo, params, seed, locale }: z.infer<typeof body>, user: User, { clock }: Services): Request {
  return {
    id: id ?? randomUUID(),
    platform: 'web',
    space: SPACE,
    room: 'lab',
    user,
    ...(locale && { locale }),
    command: 'demo',
    options: { name: demo, parameters: formatParams(params), ...(seed !== undefined && { seed }) },
    receivedAt: clock.now(),
  };
}

/** A demo as its controls are made from it, in one language. */
function describe({ name, title, summary, topics, params, variations }: Demo, locale: Locale, { notes }: Services) {
  return {
    name,
    title: localize(title, locale),
    summary: localize(summary, locale),
    topics: topics.flatMap((id) => {
      const topic = notes.topic(id);
      return topic ? [{ id, title: textOf(topic, locale).title }] : [];
    }),
    params: Object.entries(params).map(([param, { description, ...rest }]) => ({
      ...rest,
      name: param,
      description: localize(description, locale),
    })),
    variations: variations.map((variation) => ({ label: localize(variation.label, locale), params: variation.params })),
  };
}
