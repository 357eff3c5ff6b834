import { createFairQueue } from '../../src/demos/queue.ts';
import { createHeld, describeQueue } from './queue-contract.ts';

describeQueue('the queue of one process', async (limits) => {
  const queue = createFairQueue(limits);
  const held = createHeld();
  return {
    ...held,
    status: async () => queue.status(),
    ask: (name, { owner, signal = new AbortController().signal, onPlace }) =>
      queue.add({ owner, signal, start: () => held.run(name), ...(onPlace && { onPlace }) }),
  };
});
