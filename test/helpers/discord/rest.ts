import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkCommands } from './command-rules.ts';
import { type Answer, error, type Interactions } from './interactions.ts';
import { held } from './messages.ts';
import { findRoute, type RouteContext } from './routes.ts';
import { checkCallback, checkMessage } from './rules.ts';
import type { Spec } from './spec.ts';

type Json = Record<string, unknown>;

/** A request of the bot as it arrived. */
export interface Seen {
  method: string;
  path: string;
  body: unknown;
  files: { name: string; data: Buffer; type: string }[];
  authorization: string | undefined;
  query: URLSearchParams;
  at: number;
  status?: number;
}

/** A fault to inject: the next requests that match get it instead of the usual answer. */
export interface Fault {
  match: RegExp;
  times: number;
  /** 0 breaks the connection. */
  status: number;
  /** Seconds, for 429. */
  retryAfter?: number;
  code?: number;
  /** The request is carried out, and only its answer is lost. */
  afterwards?: boolean;
}

export interface RestDeps extends RouteContext {
  token: string;
  /** Requests to a route of one channel in five seconds. */
  pace: number;
  spec: Spec | undefined;
  interactions: Interactions;
  faults: Fault[];
  seen: Seen[];
  complain(what: string): void;
  /** Tests change a request here, as a bot with a mistake would send it; `[]` swallows it, two copies repeat it. */
  mutate: { request?: (seen: Seen) => Seen[] };
}

const WINDOW = 5_000;

/** Answers HTTP requests as Discord would, and complains about every one that it would not like. */
export function createRest(deps: RestDeps): (request: IncomingMessage, response: ServerResponse) => void {
  const buckets = new Map<string, { left: number; resetAt: number }>();
  return (request, response) => {
    void read(request).then((seen) => {
      const copies = deps.mutate.request?.(seen) ?? [seen];
      const answers = copies.map((copy) => handle(deps, buckets, copy));
      const answer = answers[0] ?? { status: 204 };
      seen.status = answer.status;
      deps.world.emit('change');
      if (answer.status === 0) return void request.socket.resetAndDestroy();
      response.writeHead(answer.status, { ...(answer.body !== undefined && { 'Content-Type': 'application/json' }), ...answer.headers });
      response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
    });
  };
}

function handle(deps: RestDeps, buckets: Map<string, { left: number; resetAt: number }>, seen: Seen): Answer {
  const { method, path } = seen;
  deps.seen.push(seen);
  const where = `${method} ${path.replace(/[\w-]{40,}/, '…')}`;
  const route = findRoute(method, path);
  if (!route) {
    deps.complain(`${where}: unknown route`);
    return error(404, 0, '404: Not Found');
  }
  const interaction = /^\/(interactions|webhooks)\//.test(path);
  if (interaction && seen.authorization) deps.complain(`${where}: sends the bot’s token along with an interaction’s`);
  if (!interaction && seen.authorization !== `Bot ${deps.token}`) return error(401, 0, '401: Unauthorized');
  const fault = deps.faults.find(({ match, times }) => times > 0 && match.test(`${method} ${path}`));
  if (fault) {
    fault.times--;
    if (!fault.afterwards) return fail(fault);
    const live = deps.interactions.all.find(({ token }) => path.includes(token));
    if (live) live.excused = true;
  }
  const limited = interaction ? undefined : take(buckets, deps.pace, `${method} ${path.replace(/\/messages\/\d+$/, '/messages/:id')}`);
  if (limited?.status === 429) return limited;
  const complaints = check(deps, seen, route.args);
  for (const complaint of complaints) deps.complain(`${where}: ${complaint}`);
  const answer = complaints.length > 0 ? error(400, 50035, complaints.join('; ')) : route.run(deps, route.args, seen);
  const template = deps.spec?.template(method, path);
  if (deps.spec && template) {
    for (const what of deps.spec.response(method, template, answer.status, answer.body))
      deps.complain(`our own answer to ${where}: ${what}`);
  }
  return { ...(fault?.afterwards ? fail(fault) : answer), headers: { ...answer.headers, ...limited?.headers } };
}

/** Their description of the API first, then the limits that it does not state. */
function check({ spec, interactions, world }: RestDeps, { method, path, body, files }: Seen, args: string[]): string[] {
  const template = spec?.template(method, path);
  const theirs = spec ? (template ? spec.request(method, template, body) : ['a route that their description does not have']) : [];
  const uploads = files.map(({ name, data }) => ({ name, size: data.length }));
  const json = (body ?? {}) as Json;
  const mine = (() => {
    if (path.endsWith('/callback')) {
      const kind = interactions.all.find(({ id }) => id === args[0])?.type ?? 0;
      return kind === 0 ? [] : checkCallback(json, kind, uploads);
    }
    if (path.endsWith('/commands') && method === 'PUT') return checkCommands(body);
    if (method === 'PATCH' && path.startsWith('/webhooks/')) {
      const stored = interactions.find(args[1]!, args[2]!);
      return checkMessage(json, { edit: true, files: uploads, ...(stored && { held: held(stored) }) });
    }
    if (method === 'PATCH' && path.startsWith('/channels/')) {
      const stored = world.places.get(args[0]!)?.messages.get(args[1]!);
      return checkMessage(json, { edit: true, files: uploads, ...(stored && { held: held(stored) }) });
    }
    if (method === 'POST' && path.startsWith('/webhooks/')) return checkMessage(json, { edit: false, files: uploads, mayBePrivate: true });
    if (method === 'POST' && path.endsWith('/messages')) return checkMessage(json, { edit: false, files: uploads });
    return [];
  })();
  return [...theirs, ...mine];
}

function fail({ status, retryAfter = 0.5, code = 0 }: Fault): Answer {
  if (status !== 429) return error(status, code, `fault ${status}`);
  return {
    status,
    body: { message: 'You are being rate limited.', retry_after: retryAfter, global: false },
    headers: { 'Retry-After': String(Math.ceil(retryAfter)), 'X-RateLimit-Reset-After': String(retryAfter), 'X-RateLimit-Scope': 'shared' },
  };
}

/** Five requests in five seconds for each route and channel, and what the headers say of it. */
function take(buckets: Map<string, { left: number; resetAt: number }>, pace: number, key: string): Answer {
  const now = Date.now();
  const known = buckets.get(key);
  const bucket = known && known.resetAt > now ? known : { left: pace, resetAt: now + WINDOW };
  buckets.set(key, bucket);
  const after = (bucket.resetAt - now) / 1000;
  if (bucket.left === 0) return { ...fail({ match: /./, times: 0, status: 429, retryAfter: after }) };
  bucket.left--;
  return {
    status: 200,
    headers: {
      'X-RateLimit-Limit': String(pace),
      'X-RateLimit-Remaining': String(bucket.left),
      'X-RateLimit-Reset': String(bucket.resetAt / 1000),
      'X-RateLimit-Reset-After': String(after),
      'X-RateLimit-Bucket': Buffer.from(key.replace(/\d{8,}/g, ''))
        .toString('base64url')
        .slice(0, 32),
    },
  };
}

/** Reads a request, JSON or multipart with `payload_json` and `files[n]`. */
async function read(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const seen: Seen = {
    method: request.method ?? 'GET',
    path: url.pathname.replace(/^\/api\/v10/, ''),
    body: undefined,
    files: [],
    authorization: request.headers.authorization,
    query: url.searchParams,
    at: Date.now(),
  };
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) {
    const form = await new Response(raw, { headers: { 'Content-Type': type } }).formData();
    for (const [key, value] of form) {
      if (key === 'payload_json') seen.body = JSON.parse(String(value));
      const index = /^files\[(\d+)\]$/.exec(key)?.[1];
      if (index !== undefined && typeof value !== 'string') {
        seen.files[Number(index)] = { name: value.name, data: Buffer.from(await value.arrayBuffer()), type: value.type };
      }
    }
  } else if (raw.length > 0) seen.body = JSON.parse(raw.toString('utf8'));
  return seen;
}
