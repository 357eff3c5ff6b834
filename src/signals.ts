/** npm passes Ctrl-C on to a program that the terminal has told already; what comes this close is the same wish. */
const SAME_WISH = 1_000;
const LOOK_EVERY = 1_000;

/**
 * Calls `stop` once, when the program is told to end or when npm, which started it, has gone (`kill -9`, SIGHUP):
 * nobody could end it any more, and it would keep port and database. Asked again later, the program leaves at once.
 */
export function onStop(stop: () => void): void {
  let told = 0;
  const tell = () => {
    if (told > 0 && Date.now() - told > SAME_WISH) process.exit(1);
    if (told > 0) return;
    told = Date.now();
    stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, tell);
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    tell();
  }, LOOK_EVERY);
  watch.unref();
}
