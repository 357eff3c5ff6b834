import { createJars } from './jar.ts';

export interface WebReply {
  result?: Record<string, unknown>;
  text: string;
  visibility: string;
  blocks: ({ type: string; url?: string; html?: string } & Record<string, unknown>)[];
}

export interface WebEvent {
  type: string;
  /** The event id, which a browser sends back when it reconnects. */
  id?: number;
  data: Record<string, unknown> & { id?: string; revision?: number; text?: string; blocks?: WebReply['blocks'] };
}

export interface WebStream {
  events: WebEvent[];
  messages(): WebEvent['data'][];
  /** Waits until `fits` holds for what has come so far. */
  until(fits: (events: WebEvent[]) => boolean): Promise<void>;
  close(): void;
}

/** The playground's API as programs use it: whoever has a name here has cookies of their own. */
export function createWebClient(url: () => string) {
  const jarOf = createJars();
  const send = (user: string, where: string, body: unknown, init: RequestInit = {}) =>
    jarOf(user).fetch(url() + where, {
      ...init,
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(init.headers as Record<string, string>) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const nameIn = (body: unknown) => String((body as { user?: unknown } | undefined)?.user ?? '');
  /** The id of the person of that name, who is made where there is none. */
  const idOf = async (user: string) => ((await (await send(user, '/api/me', { user })).json()) as { person: { id: string } }).person.id;
  const room = (name: string, end: string) => `/api/rooms/${encodeURIComponent(name)}/${end}`;
  const path = (name: string, end: string) => url() + room(name, end);
  /** Follows a room; `after` as a page that was there before. */
  const follow = async (
    room: string,
    user: string,
    { after = 0, lastEventId }: { after?: number; lastEventId?: number } = {},
  ): Promise<WebStream> => {
    const abort = new AbortController();
    await idOf(user);
    const response = await jarOf(user).fetch(`${path(room, 'events')}?${new URLSearchParams({ after: String(after) })}`, {
      signal: abort.signal,
      headers: lastEventId === undefined ? {} : { 'Last-Event-ID': String(lastEventId) },
    });
    if (!response.headers.get('content-type')?.includes('text/event-stream')) throw new Error(await response.text());
    const events: WebEvent[] = [];
    let wake = () => {};
    void (async () => {
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop()!;
        events.push(...parts.map(parseEvent));
        wake();
      }
    })().catch(() => undefined);
    return {
      events,
      messages: () => events.filter(({ type }) => type === 'message').map(({ data }) => data),
      async until(fits) {
        while (!fits(events))
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      },
      close: () => abort.abort(),
    };
  };
  return {
    async post(
      where: string,
      body: unknown,
      headers: Record<string, string> = {},
    ): Promise<{ status: number; json: WebReply; headers: Headers }> {
      const response = await send(nameIn(body), room(where, 'messages'), body, { headers });
      return { status: response.status, json: (await response.json()) as WebReply, headers: response.headers };
    },
    /** As the person of that name; as nobody without one. */
    async get(where: string, user = ''): Promise<unknown> {
      return (await jarOf(user).fetch(url() + where)).json();
    },
    idOf,
    jarOf,
    follow,
    /** Reads until `count` messages have come. */
    async read(
      room: string,
      user: string,
      count: number,
      options: { after?: number; lastEventId?: number } = {},
    ): Promise<WebEvent['data'][]> {
      const stream = await follow(room, user, options);
      await stream.until(() => stream.messages().length >= count);
      stream.close();
      return stream.messages();
    },
    /** Runs an experiment; every line of the answer. */
    async run(body: unknown, signal?: AbortSignal): Promise<{ status: number; lines: { progress?: unknown; reply?: WebReply }[] }> {
      const response = await send(nameIn(body), '/api/runs', body, signal && { signal });
      const text = await response.text();
      return {
        status: response.status,
        lines: text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      };
    },
  };
}

function parseEvent(text: string): WebEvent {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  const id = field('id');
  return { type: field('event')!, data: JSON.parse(field('data')!), ...(id !== undefined && { id: Number(id) }) };
}
