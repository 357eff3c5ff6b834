import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const EVERY = 60_000;
/** Soon after a start, when what it took is no longer needed. */
const FIRST = 8_000;
/** How much has to have come or gone since the last time, in bytes: less is not worth the tenth of a second that it takes. */
const WORTH = 24e6;

/**
 * Gives back what a start, learning new notes or a busy evening leaves behind. V8 looks for it only when a program asks
 * for more memory, which one that waits for questions does not: half of what it holds would stay.
 */
export function tidyAfterStart(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  let left = 0;
  const tidy = (): void => {
    if (Math.abs(held() - left) < WORTH) return;
    collect();
    left = held();
  };
  setTimeout(tidy, FIRST).unref();
  setInterval(tidy, EVERY).unref();
}
