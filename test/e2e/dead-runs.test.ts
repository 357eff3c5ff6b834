import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCluster } from '../../src/cluster/create.ts';
import { UserError } from '../../src/core/errors.ts';
import { createLog } from '../../src/create-services.ts';
import { openSharedLab } from '../../src/demos/shared/lab.ts';
import { watchFigures } from '../../src/ops/figures.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { openPostgres } from '../../src/store/postgres/open.ts';
import { HOST_PASSWORD, setPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, violations } from '../helpers/browser.ts';
import { createJar } from '../helpers/jar.ts';
import { startPlayground } from '../helpers/playground.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { smallContent } from '../helpers/small-content.ts';

const PASSWORD = 'open sesame';
const metrics = createMetrics();
let server: TestPostgres;
let playground: Awaited<ReturnType<typeof startPlayground>>;
let closeLab: () => Promise<void>;
/** Whether the process of role lab loses its worker to every run. */
let poisoned = true;
let tries = 0;

beforeAll(async () => {
  server = await startPostgres();
  const url = await server.withTables();
  const log = createLog('silent');
  const store = await openPostgres(url);
  const cluster = (await createCluster(store, new Set(['lab']), log))!;
  await cluster.start();
  const lab = await openSharedLab({ store, cluster, log, limits: { queued: 20, perOwner: 5 }, supervise: true });
  await lab.serve(1, async (_, { seed }) => {
    tries++;
    if (poisoned) throw new UserError('worker-died', { demo: 'gradient-descent' });
    return { outcome: { series: [], measures: { seed }, checks: [] }, backend: 'none', ms: 1 };
  });
  closeLab = async () => {
    await lab.runs.close();
    await lab.close();
    await cluster.stop();
    await store.close();
  };
  const folder = mkdtempSync(join(tmpdir(), 'dead-'));
  playground = await startPlayground({ folder, env: { DATABASE_URL: url, ROLE: 'web,clock', CONTENT_DIR: smallContent() } });
  await setPassword(playground.services.store.db, HOST_PASSWORD, PASSWORD);
  watchFigures(metrics, playground.services, { platforms: () => ({}), newestBackup: () => undefined });
}, 60_000);
afterAll(async () => {
  await playground?.close();
  await closeLab?.();
  await server?.close();
});

const run = (seed: number) => playground.services.demos.run('gradient-descent', { steps: 40 }, seed, { owner: 'web/local/ana' });
const putAside = async (seed: number) => {
  poisoned = true;
  await expect(run(seed)).rejects.toMatchObject({ code: 'run-set-aside' });
};
const gauge = async () => /^tutor_runs_dead (\d+)$/m.exec((await metrics.expose()).text)?.[1];

it('the API shows the host what was put aside, lets it be tried again, and forgets it', { timeout: 60_000 }, async () => {
  const host = createJar();
  const post = async (path: string, body: unknown, jar = host) => {
    const response = await jar.fetch(playground.url + path, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, json: (await response.json()) as { result?: { code?: string } } };
  };
  const dead = async () => {
    const response = await host.fetch(`${playground.url}/api/host`);
    return ((await response.json()) as { dead: { id: string }[] }).dead;
  };
  const settle = (id: string, how: string, jar = host) => post('/api/host/dead-runs', { id, how }, jar);
  await post('/api/host/login', { password: PASSWORD });
  expect(await dead()).toEqual([]);

  await putAside(1);
  expect(tries).toBe(3);
  const [first] = await dead();
  expect(first).toEqual({
    id: expect.any(String),
    demo: 'gradient-descent',
    params: expect.objectContaining({ steps: 40 }),
    seed: 1,
    at: expect.any(Number),
    reason: 'worker-died',
  });
  await expect.poll(gauge, { timeout: 20_000 }).toBe('1');
  expect((await settle(first!.id, 'retry', createJar())).status).toBe(401);
  for (const [id, how] of [
    ['no id', 'retry'],
    [first!.id, 'burn'],
    ['00000000-0000-4000-8000-000000000000', 'delete'],
  ] as const)
    expect(await settle(id, how)).toMatchObject({ status: 409, json: { result: { code: 'dead-run-gone' } } });
  expect(await dead()).toHaveLength(1);

  // Three more tries, which fail as before.
  expect((await settle(first!.id, 'retry')).status).toBe(200);
  await expect.poll(async () => (await dead())[0]?.id, { timeout: 20_000 }).not.toBe(first!.id);
  await expect.poll(() => tries, { timeout: 20_000 }).toBe(6);
  await expect.poll(async () => (await dead()).length, { timeout: 20_000 }).toBe(1);
  const [second] = await dead();
  expect((await settle(first!.id, 'delete')).status).toBe(409);

  // What was wrong is mended: whoever asks gets the result.
  poisoned = false;
  expect((await settle(second!.id, 'retry')).status).toBe(200);
  expect(await run(1)).toMatchObject({ outcome: { measures: { seed: 1 } } });
  expect(await dead()).toEqual([]);

  await putAside(2);
  await expect(run(2)).rejects.toMatchObject({ code: 'run-set-aside' });
  expect((await settle((await dead())[0]!.id, 'delete')).status).toBe(200);
  poisoned = false;
  expect(await run(2)).toMatchObject({ outcome: { measures: { seed: 2 } } });
  await expect.poll(gauge, { timeout: 20_000 }).toBe('0');
});

describe.skipIf(!chromiumPath)('the Host view, in Chromium', { timeout: 90_000 }, () => {
  it.each([
    ['en-GB', 1200, [11, 12], 'its worker died', 'Forget', 'It is forgotten', 'Try again', 'waits in line', 'No run is put aside'],
    ['zh-CN', 360, [21, 22], '工作进程崩溃', '忘掉', '已忘掉', '再试', '已重新排队', '没有被搁置的运行'],
  ])(
    'shows what was put aside, with a button to try again and one to forget (%s)',
    async (locale, width, [one, other], reason, ...words) => {
      const [forget, forgotten, again, waits, none] = words;
      for (const seed of [one!, other!]) await putAside(seed);
      poisoned = false;
      const visitors = await openBrowser();
      const { page } = await visitors.visit(`${playground.url}/host`, { locale, viewport: { width, height: 800 } });
      await page.fill('#password', PASSWORD);
      await page.press('#password', 'Enter');
      const row = (seed: number) => page.locator(`tr:has-text("seed:${seed}")`);
      await expect.poll(() => row(one!).textContent(), { timeout: 20_000 }).toContain(reason);
      expect(await row(other!).textContent()).toContain('gradient-descent');
      await page.waitForSelector('#items .panel');
      expect(await violations(page)).toEqual([]);
      if (process.env.SHOTS) await page.screenshot({ path: join(process.env.SHOTS, `dead-${locale}.png`), fullPage: true });
      await row(one!).getByRole('button', { name: forget }).click();
      await page.waitForSelector(`#dead-said:has-text("${forgotten}")`);
      await expect.poll(() => row(one!).count()).toBe(0);
      await row(other!).getByRole('button', { name: again }).click();
      await page.waitForSelector(`#dead-said:has-text("${waits}")`);
      await page.waitForSelector(`p.good:has-text("${none}")`);
      expect(visitors.errors).toEqual([]);
      await visitors.close();
      // Neither is refused any more.
      for (const seed of [one!, other!]) expect(await run(seed)).toMatchObject({ outcome: { measures: { seed } } });
    },
  );
});
