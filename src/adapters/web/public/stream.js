// The room's stream of messages. The browser reconnects by itself and says what it has seen; when it gives up
// (an error answer while the server restarts), we start again from the last revision.

export function openStream({ room, user, onMessage, onReady, onClock, onState }) {
  let last = 0;
  let source;
  let timer;
  let stopped = false;

  const open = () => {
    source = new EventSource(`/api/rooms/${encodeURIComponent(room)}/events?user=${encodeURIComponent(user)}&after=${last}`);
    source.addEventListener('hello', (event) => {
      onState(true);
      onClock(JSON.parse(event.data).now);
    });
    source.addEventListener('ready', () => onReady());
    source.addEventListener('message', (event) => {
      const message = JSON.parse(event.data);
      last = Math.max(last, message.revision);
      onMessage(message);
    });
    source.onerror = () => {
      onState(false);
      if (source.readyState !== EventSource.CLOSED || stopped) return;
      clearTimeout(timer);
      timer = setTimeout(open, 1500);
    };
  };
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
