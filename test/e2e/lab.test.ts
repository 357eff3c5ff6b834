import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Demo } from '../../src/demos/demo.ts';
import { demos } from '../../src/experiments/index.ts';
import { chromiumPath, openBrowser, type Visitors } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';

/** Every parameter at its smallest: the lab is what is tried here, not the experiment. */
function smallest({ params }: Demo): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      'min' in param ? String(param.min) : 'choices' in param ? param.choices[0]! : String(param.default),
    ]),
  );
}

describe.skipIf(!chromiumPath)('the lab in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'lab-e2e-')) });
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const finished = (page: Page) => page.waitForSelector('#results[aria-busy="false"] figure img');
  const open = async (path: string, options: Parameters<Visitors['visit']>[1] = {}) => {
    const visitor = await visitors.visit(playground.url + path, options);
    await finished(visitor.page);
    return visitor;
  };

  it('runs every experiment, with controls for all its parameters', async () => {
    const { page, close } = await open('/lab/gradient-direction?seed=3');
    for (const demo of demos) {
      await page.goto(`${playground.url}/lab/${demo.name}?${new URLSearchParams({ ...smallest(demo), seed: '3' })}`);
      await finished(page);
      expect(await page.textContent('#problem'), demo.name).toBe('');
      expect(await page.locator('#results h2').first().textContent()).toBe(demo.title.en);
      expect(await page.locator('#results img').getAttribute('alt')).toMatch(/\S{3}/);
      const names = await page.locator('#controls .field code').allTextContents();
      expect(names, demo.name).toEqual([...Object.keys(demo.params), 'seed']);
      // The address, the command and the controls say the same run.
      const query = new URL(page.url()).searchParams;
      for (const [name, value] of Object.entries(smallest(demo))) expect(query.get(name), `${demo.name} ${name}`).toBe(value);
      expect(await page.textContent('#command')).toMatch(new RegExp(`^/demo ${demo.name} .*seed:3$`));
    }
    await close();
  });

  it('gives the same run to whoever opens the link, and to the command in the chat', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    await page.fill('#p-rates', '0.05, 0.07');
    await page.press('#p-rates', 'Tab');
    await expect.poll(async () => page.locator('#results').textContent()).toContain('0.05');
    const [link, command] = [page.url(), (await page.textContent('#command'))!];
    expect(command).toBe('/demo gradient-descent rates:0.05,0.07 seed:5');
    const picture = await page.locator('#results img').getAttribute('src');
    const other = await open(new URL(link).pathname + new URL(link).search);
    expect(await other.page.locator('#results img').getAttribute('src')).toBe(picture);
    // The picture's address is the hash of its bytes.
    await other.page.click('#in-chat');
    await other.page.waitForSelector('#line');
    expect(await other.page.inputValue('#line')).toBe(command);
    await other.page.press('#line', 'Enter');
    await other.page.waitForSelector('.card figure img');
    expect(await other.page.locator('.card figure img').getAttribute('src')).toBe(picture);
    // And back: the chart in the chat leads to its run in the lab.
    await other.page.click('figcaption a');
    await finished(other.page);
    expect(await other.page.textContent('#command')).toBe(command);
    await other.close();
    await close();
  });

  it('shows two runs side by side and what differs between them', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    await page.click('#results button:has-text("Keep this run")');
    // A slider by keyboard: settled at once, since this experiment is quick.
    const slider = page.getByRole('slider').nth(1);
    const before = await page.inputValue('#p-steps');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.inputValue('#p-steps')).not.toBe(before);
    await page.waitForSelector('#results.two');
    await page.waitForSelector('#results[aria-busy="false"]');
    expect(await page.locator('#results img').count()).toBe(2);
    const differs = await page.locator('section[aria-label="Compared"] table').first().locator('tbody tr').allTextContents();
    expect(differs).toEqual([`steps${before}${await page.inputValue('#p-steps')}`]);
    expect(await page.locator('section[aria-label="Compared"] table').nth(1).locator('tbody tr').count()).toBeGreaterThan(2);
    await page.click('#results button:has-text("Drop the kept run")');
    expect(await page.locator('#results img').count()).toBe(1);
    await page.click('#dice');
    expect(await page.inputValue('#seed')).not.toBe('5');
    await close();
  });

  it('gives logarithmic sliders the same way for every decade', async () => {
    const logged = demos.flatMap((demo) =>
      Object.entries(demo.params).flatMap(([name, param]) =>
        'scale' in param && param.scale === 'log' && param.min > 0 ? [{ demo, name, param }] : [],
      ),
    );
    expect(logged.length).toBeGreaterThan(0);
    const { demo, name, param } = logged[0]!;
    const { page, close } = await open(`/lab/${demo.name}?${new URLSearchParams({ ...smallest(demo), seed: '3' })}`);
    await page.locator(`#p-${name}`).locator('..').getByRole('slider').fill('100');
    const middle = Number(await page.inputValue(`#p-${name}`));
    const { min, max } = param as { min: number; max: number };
    expect(Math.abs(Math.log(middle / Math.sqrt(min * max)))).toBeLessThan(0.1 * Math.log(max / min));
    await close();
  });

  it('says what is wrong with a value before it runs, and cancels a run that takes long', async () => {
    const { page, close } = await open('/lab/gradient-norms?depth=3&seeds=1&seed=4');
    await page.fill('#p-depth', '900');
    await page.click('#run');
    await page.waitForSelector('#problem:has-text("hidden layers: 2 to 50")');
    expect(await page.evaluate('document.activeElement.id')).toBe('p-depth');
    await page.goto(`${playground.url}/lab/bert-layers?layers=4&steps=600&seed=12`);
    await page.waitForSelector('#progress:not([hidden])');
    await page.click('#cancel');
    await page.waitForSelector('#problem:has-text("Cancelled")');
    await expect.poll(() => playground.services.demos.status().running).toBe(0);
    expect(await page.evaluate('document.activeElement.id')).toBe('run');
    await close();
  });

  it('shows a run that failed in the place of the chart, where one looks', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    const run = page.locator('#run');
    await page.route('**/api/runs', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/json',
        body: JSON.stringify({ result: { kind: 'error', code: 'internal' }, visibility: 'private', text: '! It broke.', blocks: [] }),
      }),
    );
    await page
      .locator('#scroller, .bench')
      .first()
      .evaluate((node) => node.scrollTo(0, 200));
    await run.click();
    const failed = page.locator('#results [role="alert"]');
    await failed.waitFor();
    expect(await failed.textContent()).toBe('It broke.');
    expect(await page.locator('#results img').count()).toBe(0);
    const place = () =>
      page.evaluate(`(() => {
        const { top, bottom } = document.querySelector('#results [role="alert"]').getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      })()`);
    expect(await place()).toBe(true);
    // The connection that fails, on a phone, where the controls are above.
    await page.setViewportSize({ width: 390, height: 700 });
    await page.unroute('**/api/runs');
    await page.route('**/api/runs', (route) => route.abort());
    await run.click();
    await page.waitForSelector('#results [role="alert"]:has-text("could not be loaded")');
    await expect.poll(place).toBe(true);
    await page.unroute('**/api/runs');
    await run.click();
    await page.waitForSelector('#results img');
    expect(await failed.count()).toBe(0);
    await close();
  });

  it('leaves room for itself at 400 %, with a value that does not fit too', async () => {
    const { page, close } = await open('/lab/gradient-norms?depth=3&seeds=1&seed=4', { viewport: { width: 320, height: 256 } });
    // Whatever is scrolled to can be seen: nothing stays over it.
    const fields = await page.locator('#controls .field input').all();
    for (const field of fields) {
      if (!(await field.isVisible()) || !(await field.getAttribute('id'))) continue;
      await field.scrollIntoViewIfNeeded();
      const id = await field.getAttribute('id');
      const free = await page.evaluate(`(() => {
        const { left, top, width, height } = document.getElementById('${id}').getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('.go') === null;
      })()`);
      expect(free, id ?? '').toBe(true);
    }
    const share = await page.evaluate(`(() => {
      const bar = document.querySelector('.go');
      return getComputedStyle(bar).position === 'sticky' ? bar.offsetHeight / innerHeight : 0;
    })()`);
    expect(share).toBeLessThan(0.25);
    await close();
  });

  it('speaks Chinese on a phone, and fits', async () => {
    const { page, close } = await open('/lab/saturation?seed=2', { locale: 'zh-CN', viewport: { width: 390, height: 844 } });
    expect(await page.textContent('#run')).toBe('运行');
    expect(await page.locator('#results h2').textContent()).toMatch(/\p{Script=Han}/u);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await close();
  });

  it('logged no error', () => {
    expect(visitors.errors.filter((error) => !/status of 500|ERR_FAILED/.test(error))).toEqual([]);
  });
});
