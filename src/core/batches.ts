interface Waiting<A, B> {
  asked: A;
  resolve(found: B): void;
  reject(error: unknown): void;
}

/** Asked at once at most; more would make the first wait for the last. */
const MOST = 500;

/**
 * Asks for many in one go. Whatever is asked while an answer is under way shares the next; nobody is given an answer
 * that was begun before they asked.
 * @param ask answers in the order of what was asked
 */
export function createBatches<A, B>(ask: (asked: readonly A[]) => Promise<readonly B[]>): (asked: A) => Promise<B> {
  const waiting: Waiting<A, B>[] = [];
  let working = false;
  const workOff = async (): Promise<void> => {
    working = true;
    // What comes in the same round of the event loop shares the first already.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const group = waiting.splice(0, MOST);
      try {
        const found = await ask(group.map(({ asked }) => asked));
        for (const [i, { resolve }] of group.entries()) resolve(found[i]!);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    working = false;
  };
  return (asked) =>
    new Promise((resolve, reject) => {
      waiting.push({ asked, resolve, reject });
      if (!working) void workOff();
    });
}
