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

/** The playground's API as a program uses it. */
export function createWebClient(url: () => string) {
  const path = (room: string, end: string) => `${url()}/api/rooms/${encodeURIComponent(room)}/${end}`;
  /** Follows a room; `after` as a page that was there before. */
  const follow = async (
    room: string,
    user: string,
    { after = 0, tab = '', lastEventId }: { after?: number; tab?: string; lastEventId?: number } = {},
  ): Promise<WebStream> => {
    const abort = new AbortController();
    const response = await fetch(`${path(room, 'events')}?${new URLSearchParams({ user, tab, after: String(after) })}`, {
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
      room: string,
      body: unknown,
      headers: Record<string, string> = {},
    ): Promise<{ status: number; json: WebReply; headers: Headers }> {
      const response = await fetch(path(room, 'messages'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as WebReply, headers: response.headers };
    },
    async get(where: string): Promise<unknown> {
      return (await fetch(url() + where)).json();
    },
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
      const response = await fetch(`${url()}/api/runs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
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
