// A process of role lab over a Postgres, started by the tests beside it. Its runs only wait: seed 666 is poison, another
// takes as many milliseconds as its seed says.
import { setTimeout as sleep } from 'node:timers/promises';
import { createCluster } from '../../src/cluster/create.ts';
import { createLog } from '../../src/create-services.ts';
import { openSharedLab } from '../../src/demos/shared/lab.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';

const POISON = 666;
const log = createLog('silent');
const store = await openPostgres(process.argv[2]!);
const cluster = (await createCluster(store, new Set(['lab'] as const), log))!;
await cluster.start();
const lab = await openSharedLab({ store, cluster, log, limits: { queued: 20, perOwner: 5 }, supervise: true });
await lab.serve(2, async (_, { seed }, signal, onFraction) => {
  process.send!({ began: seed });
  if (seed === POISON) process.kill(process.pid, 'SIGKILL');
  onFraction(0.5);
  await sleep(seed, undefined, { signal });
  return { outcome: { series: [], measures: { pid: process.pid }, checks: [] }, backend: 'waits', ms: seed };
});
process.on('message', () => {
  void lab
    .close()
    .then(() => cluster.stop())
    .then(() => process.exit());
});
process.on('disconnect', () => process.exit());
process.send!({ ready: true });
