import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { messageProblems, viewProblems } from './block-kit.ts';
import type { Workspace } from './workspace.ts';

/** The emulator calls every team by this id; the gateway gives each workspace its own. */
const EMULATED_TEAM = 'T000000001';

/** A call that the program made. */
export interface Call {
  at: number;
  team: string;
  method: string;
  args: Record<string, unknown>;
  /** Slack's word when it was refused. */
  error?: string;
}

/** A message that the program sent to a response_url. */
export interface Response {
  at: number;
  status: number;
  message: Record<string, unknown>;
}

export interface Hook {
  url: string;
  /** Those that were taken. */
  responses: Response[];
  refused: number;
  /** As after half an hour. */
  expire(): void;
}

export type Fault =
  | { error: string; needed?: string }
  | { status: number; retryAfter?: number }
  /** Slack does it, and the answer is lost on the way. */
  | 'lose-answer'
  /** Slack does it, and its answer does not come. */
  | 'never-answer'
  /** No answer for so long. */
  | { delay: number };

export interface SlackCom {
  /** For SLACK_API_URL. */
  apiUrl: string;
  calls: Call[];
  /** Messages that Slack would have refused, and answers that came too late. Must stay empty. */
  violations: string[];
  /** The next `times` calls of a method go wrong, those that `when` fits. */
  fail(method: string, fault: Fault, times?: number, when?: (args: Record<string, unknown>) => boolean): void;
  openHook(kind: 'commands' | 'actions', team: string): Hook;
  socket: SocketMode;
  workspace(team: string): Workspace;
  close(): Promise<void>;
}

export interface Envelope {
  type: 'slash_commands' | 'interactive' | 'events_api';
  payload: Record<string, unknown>;
  accepts_response_payload?: boolean;
  retry_attempt?: number;
  retry_reason?: string;
}

/** Slack's end of Socket Mode. */
export interface SocketMode {
  appToken: string;
  connections(): number;
  /** How often the program has connected. */
  opened(): number;
  /** Resolves when the program is connected. */
  connected(): Promise<void>;
  /** Sends over the newest connection. Resolves with the acknowledgement; rejects after 3 s or when nobody is connected. */
  send(envelope: Envelope, envelopeId?: string): Promise<{ ackMs: number; body: Record<string, unknown> | undefined }>;
  /** Sends text as it is over the newest connection, waiting for nothing; nowhere when nobody is connected. */
  raw(text: string): void;
  /** Resolves when everything sent so far has been taken in. */
  quiet(): Promise<void>;
  /** Tells the program that its connection is about to end, or just ends it. */
  disconnect(reason: 'refresh_requested' | 'warning' | 'gone'): void;
}

const HOOK_USES = 5;

/**
 * slack.com on loopback, in front of one or more emulated workspaces: it tells them apart by token, gives each a team
 * id, holds every message against Block Kit's rules, and serves what the emulator lacks: Socket Mode, response_url,
 * failures.
 */
export async function openSlackCom(workspaces: readonly Workspace[], port = 0): Promise<SlackCom> {
  const calls: Call[] = [];
  const violations: string[] = [];
  const faults: { method: string; fault: Fault; left: number; when: (args: Record<string, unknown>) => boolean }[] = [];
  const hooks = new Map<string, Hook & { accept(message: Record<string, unknown>): number }>();
  const tokens = new Map(workspaces.map((workspace) => [workspace.botToken, workspace]));
  const pending = new Set<Promise<void>>();
  const triggers = new Set<string>();

  const server = createServer((request, response) => {
    const work = serve(request, response).catch((error: unknown) => {
      violations.push(`the pretended Slack failed: ${error}`);
      response.destroy();
    });
    pending.add(work);
    void work.finally(() => pending.delete(work));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const socket = createSocketMode(server, base.replace('http', 'ws'), violations);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request);
    const path = new URL(request.url ?? '/', base).pathname;
    const hook = hooks.get(path);
    if (hook) return void response.writeHead(hook.accept(JSON.parse(body.toString()) as Record<string, unknown>)).end('ok');
    if (!path.startsWith('/api/')) return void response.writeHead(404).end();
    const method = path.slice('/api/'.length);
    const args = parseForm(body.toString());
    const token = request.headers.authorization?.replace(/^Bearer /, '');
    if (method === 'apps.connections.open') return json(response, socket.open(token));
    const workspace = token === undefined ? undefined : tokens.get(token);
    const call: Call = { at: Date.now(), team: workspace?.team ?? '?', method, args };
    calls.push(call);
    violations.push(...problemsOf(method, args));

    const fault = take(method, args);
    if (fault && typeof fault === 'object' && 'delay' in fault) await new Promise((resolve) => setTimeout(resolve, fault.delay));
    if (fault && typeof fault === 'object' && 'error' in fault) {
      call.error = fault.error;
      return json(response, { ok: false, error: fault.error, ...(fault.needed && { needed: fault.needed }) });
    }
    if (fault && typeof fault === 'object' && 'status' in fault) {
      call.error = String(fault.status);
      return void response.writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) }).end();
    }
    const answer = method === 'views.open' ? openForm(args) : await forward(method, workspace, request, body);
    if (answer.ok === false) call.error = String(answer.error);
    if (fault === 'never-answer') return;
    if (fault === 'lose-answer') return void response.destroy();
    return json(response, answer);
  }

  /** The emulator knows no triggers of ours. Slack takes each once. */
  function openForm({ trigger_id: trigger, view }: Record<string, unknown>): Record<string, unknown> {
    if (typeof trigger !== 'string' || triggers.has(trigger)) return { ok: false, error: 'expired_trigger_id' };
    triggers.add(trigger);
    return { ok: true, view: { id: `V${triggers.size}`, ...(view as object) } };
  }

  async function forward(
    method: string,
    workspace: Workspace | undefined,
    request: IncomingMessage,
    body: Buffer,
  ): Promise<Record<string, unknown>> {
    if (!workspace && method !== 'oauth.v2.access') return { ok: false, error: 'invalid_auth' };
    let answer: Record<string, unknown> = { ok: false, error: 'invalid_code' };
    for (const candidate of workspace ? [workspace] : workspaces) {
      const headers = { 'Content-Type': request.headers['content-type'] ?? '', Authorization: request.headers.authorization ?? '' };
      const sent = body.toString().replaceAll(candidate.team, EMULATED_TEAM);
      const reply = await fetch(`${candidate.url}/api/${method}`, { method: 'POST', headers, body: sent });
      answer = JSON.parse((await reply.text()).replaceAll(EMULATED_TEAM, candidate.team)) as Record<string, unknown>;
      if (answer.ok === true && typeof answer.access_token === 'string') tokens.set(answer.access_token, candidate);
      if (answer.ok === true) break;
    }
    return answer;
  }

  function take(method: string, args: Record<string, unknown>): Fault | undefined {
    const entry = faults.find((one) => one.method === method && one.left > 0 && one.when(args));
    if (entry) entry.left--;
    return entry?.fault;
  }

  return {
    apiUrl: `${base}/api/`,
    calls,
    violations,
    socket,
    fail: (method, fault, times = 1, when = () => true) => void faults.push({ method, fault, left: times, when }),
    openHook(kind, team) {
      const path = `/${kind}/${team}/${randomBytes(6).toString('hex')}`;
      let expired = false;
      const hook: Hook & { accept(message: Record<string, unknown>): number } = {
        url: `${base}${path}`,
        responses: [],
        refused: 0,
        expire: () => {
          expired = true;
        },
        accept(message) {
          if (expired || hook.responses.length >= HOOK_USES) {
            hook.refused++;
            return 404;
          }
          if (message.response_type === undefined) violations.push('response_url: no response_type');
          if (message.replace_original === undefined) violations.push('response_url: no replace_original');
          violations.push(...messageProblems(message, 'response_url'));
          hook.responses.push({ at: Date.now(), status: 200, message });
          return 200;
        },
      };
      hooks.set(path, hook);
      return hook;
    },
    workspace: (team) => workspaces.find((one) => one.team === team)!,
    async close() {
      socket.close();
      await Promise.allSettled(pending);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function problemsOf(method: string, args: Record<string, unknown>): string[] {
  if (['chat.postMessage', 'chat.postEphemeral', 'chat.update'].includes(method)) {
    // An edit with text and without blocks takes the blocks away.
    return [...messageProblems(args, method), ...(args.blocks === undefined ? [`${method}: no blocks`] : [])];
  }
  if (method === 'views.publish' || method === 'views.open') return viewProblems(args.view as Record<string, unknown>);
  if (method === 'files.getUploadURLExternal') {
    // Slack's documentation: alt_txt, at most 1,000 characters; the client's own name for it reaches nobody.
    const alt = String(args.alt_txt ?? '');
    if (/\.png$/.test(String(args.filename)) && (alt === '' || [...alt].length > 1_000)) return [`alt_txt of ${alt.length} characters`];
    if (!/\.png$/.test(String(args.filename)) && alt !== '') return ['alt_txt on a file that is no picture'];
  }
  return [];
}

function createSocketMode(server: ReturnType<typeof createServer>, base: string, violations: string[]) {
  const appToken = 'xapp-1-TEST';
  const wss = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const open: WebSocket[] = [];
  const waiting = new Map<string, (payload: Record<string, unknown> | undefined) => void>();
  let opened = 0;
  let onConnected: (() => void)[] = [];
  server.on('upgrade', (request, raw, head) => {
    const ticket = new URL(request.url ?? '/', base).searchParams.get('ticket') ?? '';
    if (!tickets.delete(ticket)) return void raw.destroy();
    wss.handleUpgrade(request, raw, head, (ws) => {
      open.push(ws);
      opened++;
      ws.on('close', () => void open.splice(open.indexOf(ws), 1));
      ws.on('message', (data) => {
        const { envelope_id: id, payload } = JSON.parse(String(data)) as { envelope_id: string; payload?: Record<string, unknown> };
        waiting.get(id)?.(payload);
        waiting.delete(id);
      });
      ws.send(JSON.stringify({ type: 'hello', num_connections: open.length, connection_info: { app_id: 'A00TUTOR' } }));
      // The program counts as connected once it has read the greeting.
      setTimeout(() => {
        for (const resolve of onConnected) resolve();
        onConnected = [];
      }, 50);
    });
  });
  return {
    appToken,
    open(token: string | undefined): Record<string, unknown> {
      if (token !== appToken) return { ok: false, error: 'invalid_auth' };
      const ticket = randomBytes(8).toString('hex');
      tickets.add(ticket);
      return { ok: true, url: `${base}/link/?ticket=${ticket}&app_id=A00TUTOR` };
    },
    connections: () => open.length,
    opened: () => opened,
    connected: () =>
      open.length > 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => {
            onConnected.push(resolve);
          }),
    send(envelope: Envelope, envelopeId = randomBytes(8).toString('hex')) {
      const ws = open.at(-1);
      if (!ws) return Promise.reject(new Error('the program is not connected'));
      return new Promise<{ ackMs: number; body: Record<string, unknown> | undefined }>((resolve, reject) => {
        const sent = performance.now();
        const late = setTimeout(() => {
          waiting.delete(envelopeId);
          violations.push(`${envelope.type} was not acknowledged within 3 s`);
          reject(new Error(`${envelope.type} was not acknowledged within 3 s`));
        }, 3_000);
        const lost = () => {
          clearTimeout(late);
          reject(new Error('the connection ended before the acknowledgement'));
        };
        ws.once('close', lost);
        waiting.set(envelopeId, (body) => {
          clearTimeout(late);
          ws.off('close', lost);
          resolve({ ackMs: performance.now() - sent, body });
        });
        ws.send(JSON.stringify({ accepts_response_payload: false, ...envelope, envelope_id: envelopeId }));
      });
    },
    raw: (text: string) => void open.at(-1)?.send(text),
    quiet: () =>
      new Promise<void>((resolve) => {
        const ws = open.at(-1);
        if (!ws) return resolve();
        // A ping is answered after what was sent before it.
        const done = () => {
          ws.off('pong', done).off('close', done);
          resolve();
        };
        ws.on('pong', done).on('close', done);
        ws.ping();
      }),
    disconnect(reason: 'refresh_requested' | 'warning' | 'gone') {
      const ws = open.at(-1);
      if (reason === 'gone') ws?.terminate();
      else ws?.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-test' } }));
    },
    close() {
      for (const ws of open) ws.terminate();
      wss.close();
    },
  };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Arguments as the program meant them: Slack's client sends objects as JSON text. */
function parseForm(body: string): Record<string, unknown> {
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([name, value]) => {
      if (!['blocks', 'view', 'metadata', 'files'].includes(name)) return [name, value];
      return [name, JSON.parse(value) as unknown];
    }),
  );
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}
