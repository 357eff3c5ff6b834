// The room's stream. The browser reconnects by itself and says what it has seen; when it gives up (an error answer
// while the server restarts), we start again from the last revision, ever more slowly.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;
/** A page that nobody looks at gives its connection back: browsers allow six to one server over all tabs. */
const HIDDEN_FOR = 20_000;

interface Options {
  room: string;
  /** Hears `hello`, `board`, `ready`, `message`, `working` and `done`. */
  onEvent: (type: string, data: never) => void;
  onState: (state: 'open' | 'lost') => void;
}

/** Follows a room for as long as the page is there. */
export function openStream({ room, onEvent, onState }: Options): void {
  let last = 0;
  let source: EventSource;
  let timer = 0;
  let wait = FIRST_WAIT;

  const open = () => {
    const query = new URLSearchParams({ after: String(last) });
    source = new EventSource(`/api/rooms/${encodeURIComponent(room)}/events?${query}`);
    source.addEventListener('hello', (event) => {
      wait = FIRST_WAIT;
      onState('open');
      onEvent('hello', JSON.parse(event.data) as never);
    });
    for (const type of ['board', 'ready', 'working', 'done'])
      source.addEventListener(type, (event) => onEvent(type, JSON.parse(event.data) as never));
    source.addEventListener('message', (event) => {
      const message = JSON.parse(event.data);
      last = Math.max(last, message.revision);
      onEvent('message', message as never);
    });
    source.onerror = () => {
      onState('lost');
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      // Not all pages at the same moment.
      timer = window.setTimeout(open, wait * (0.75 + Math.random() / 2));
      wait = Math.min(LONGEST_WAIT, wait * 1.6);
    };
  };
  const close = () => {
    clearTimeout(timer);
    source.close();
  };

  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) timer = window.setTimeout(close, HIDDEN_FOR);
    else if (source.readyState === EventSource.CLOSED) open();
  });
  // The connection is back: no need to wait for the next try.
  window.addEventListener('online', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    open();
  });
  window.addEventListener('pagehide', close);
  // A page that the browser kept in memory and shows again goes on where it stopped.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) open();
  });
  open();
}
