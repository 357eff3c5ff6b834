import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demos } from '../../src/experiments/index.ts';
import { chromiumPath, openBrowser, type Visitors } from '../helpers/browser.ts';
import { misplacedTexts, noteTexts } from '../helpers/canvas-texts.ts';
import { lightest } from '../helpers/lightest.ts';
import { startPlayground } from '../helpers/playground.ts';

/** A phone that people read Chinese on, and the narrowest that there is. */
const PHONE = { viewport: { width: 360, height: 780 } };

/** How long a run took is no part of what came out. */
const timeless = (text: string | null) => text?.replaceAll(/\d+ ms/g, '');

describe.skipIf(!chromiumPath)('the lab in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  /** Runs that the server was asked for by any page. */
  let served = 0;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'lab-e2e-')) });
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const finished = (page: Page) => page.waitForSelector('#results[aria-busy="false"] .where');
  const open = async (path: string, options: Parameters<Visitors['visit']>[1] = {}) => {
    const before = async (page: Page) => {
      page.on('request', (request) => {
        if (request.url().endsWith('/api/runs')) served++;
      });
      await options.before?.(page);
    };
    const visitor = await visitors.visit(playground.url + path, { ...options, before });
    await finished(visitor.page);
    return visitor;
  };
  /** As going forward in the tab's history does. */
  const turnTo = (page: Page, path: string) =>
    page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'));`);
  const words = (page: Page) => page.locator('#results').textContent();

  it('runs every experiment in the page, with controls for all its parameters, and asks the server for none', async () => {
    const { page, close } = await open('/lab/gradient-direction?seed=3', { before: noteTexts });
    const misplaced: string[] = [];
    for (const demo of demos) {
      await turnTo(page, `/lab/${demo.name}?${new URLSearchParams({ ...lightest(demo), seed: '3' })}`);
      await finished(page);
      expect(await page.locator('#problem').count(), demo.name).toBe(0);
      expect(await page.locator('#results h2').first().textContent()).toBe(demo.title.en);
      expect(await page.locator('#results canvas').first().getAttribute('aria-label'), demo.name).toMatch(/\S{3}/);
      expect(await page.locator('#results .where').textContent()).toMatch(/^Computed in this browser in \d+ ms, on wasm/);
      const names = await page.locator('#controls .field code').allTextContents();
      expect(names, demo.name).toEqual([...Object.keys(demo.params), 'seed']);
      // The address, the command and the controls say the same run.
      const query = new URL(page.url()).searchParams;
      for (const [name, value] of Object.entries(lightest(demo))) expect(query.get(name), `${demo.name} ${name}`).toBe(value);
      expect(await page.textContent('#command')).toMatch(new RegExp(`^/demo ${demo.name} .*seed:3$`));
      misplaced.push(...(await misplacedTexts(page)).map((one) => `${demo.name}: ${one}`));
    }
    expect(misplaced).toEqual([]);
    await close();
    expect(served).toBe(0);
    expect(playground.services.demos.status().cacheBytes).toBe(0);
  });

  it('turns to another experiment without loading the page or another worker, and back', async () => {
    const { page, close } = await open('/lab/gradient-descent?steps=40&seed=5');
    let loads = 0;
    page.on('load', () => loads++);
    const workers = page.workers();
    expect(workers).toHaveLength(1);
    const table = () => page.locator('#results table').first().locator('tbody').textContent();
    const before = await table();
    await page.click('#results button:has-text("Keep this run")');
    await page.focus('#demo');
    await page.selectOption('#demo', 'gradient-direction');
    await finished(page);
    const title = demos.find(({ name }) => name === 'gradient-direction')!.title.en;
    expect(await page.locator('#results h2').allTextContents()).toEqual([title]);
    expect(await page.locator('#results figure').count()).toBe(1);
    expect(await page.title()).toBe(`${title} · Lab · Gradient Tutor`);
    expect(await page.evaluate('document.activeElement.id')).toBe('demo');
    await expect.poll(() => page.textContent('#announcer')).toBe(`${title}: The run is done.`);
    expect(await page.textContent('#command')).toBe('/demo gradient-direction seed:1');
    // Whoever opens its link sees the same, under the same title.
    const other = await open(new URL(page.url()).pathname + new URL(page.url()).search);
    expect([await other.page.title(), await words(other.page)].map(timeless)).toEqual(
      [await page.title(), await words(page)].map(timeless),
    );
    await other.close();
    await page.goBack();
    await finished(page);
    expect(await page.inputValue('#demo')).toBe('gradient-descent');
    expect(await page.inputValue('#p-steps')).toBe('40');
    expect(await page.textContent('#command')).toBe('/demo gradient-descent steps:40 seed:5');
    expect(await table()).toBe(before);
    await page.goForward();
    await finished(page);
    expect(await page.locator('#results h2').first().textContent()).toBe(title);
    expect(page.workers()).toEqual(workers);
    expect(loads).toBe(0);
    await close();
  });

  it('answers a slider before it is let go', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    const slider = page.getByRole('slider').nth(1);
    const before = await words(page);
    // The movement alone: `change` comes when the hand lets go.
    await slider.evaluate((node) => {
      (node as unknown as { value: string }).value = '200';
      node.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await expect.poll(() => words(page)).not.toBe(before);
    expect(await page.inputValue('#p-steps')).toBe('200');
    expect(await page.locator('.player output').textContent()).toContain('of 200');
    await close();
  });

  it('gives the same run to whoever opens the link, and to the command in the chat, whose chart is drawn as well', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    await page.fill('#p-rates', '0.05, 0.07');
    await page.press('#p-rates', 'Tab');
    await expect.poll(() => words(page)).toContain('0.05');
    // The address follows the picture.
    await expect.poll(() => page.url()).toContain('rates=');
    const [link, command] = [page.url(), (await page.textContent('#command'))!];
    expect(command).toBe('/demo gradient-descent rates:0.05,0.07 seed:5');
    const facts = (at: Page, within: string) => at.locator(`${within} table`).first().locator('tbody').textContent();
    const table = await facts(page, '#results');
    const other = await open(new URL(link).pathname + new URL(link).search);
    expect(await facts(other.page, '#results')).toBe(table);
    await other.page.click('#in-chat');
    await other.page.waitForSelector('#line');
    expect(await other.page.inputValue('#line')).toBe(command);
    await other.page.press('#line', 'Enter');
    await other.page.waitForSelector('.card figure.drawn canvas');
    expect(await facts(other.page, '.card')).toBe(table);
    // And back: the chart in the chat leads to its run in the lab.
    await other.page.click('figcaption a[href^="/lab"]');
    await finished(other.page);
    expect(await other.page.textContent('#command')).toBe(command);
    await other.close();
    await close();
  });

  it('shows the curve while it grows, and cancels it', async () => {
    const { page, close } = await open('/lab/training-plateau?seeds=1&steps=20&seed=4');
    await page.fill('#p-steps', '400');
    await page.fill('#p-depth', '20');
    await page.click('#run');
    await page.waitForSelector('.chart-title:has-text("Training")');
    await page.click('#cancel');
    // Said in place of the result, which would have come otherwise: that it is quick is for `npm run bench -- web`.
    await page.waitForSelector('#problem:has-text("Cancelled")');
    // What was shown before is dimmed, and the next run goes as if nothing had been.
    expect(await page.locator('#results.stale').count()).toBe(1);
    await page.fill('#p-steps', '20');
    await page.click('#run');
    await page.waitForSelector('#results:not(.stale)[aria-busy="false"] .where');
    expect(await page.locator('#problem').count()).toBe(0);
    await close();
  });

  it('has a second worker stand by after a run that one waits for, which takes over where the next is broken off', async () => {
    const { page, close } = await open('/lab/linear-depth?seed=5');
    await expect.poll(() => page.workers().length).toBe(2);
    const [first, second] = page.workers();
    await page.click('#run');
    await page.waitForSelector('#results[aria-busy="true"]');
    await page.click('#cancel');
    await page.waitForSelector('#problem');
    await expect.poll(() => page.workers()).toEqual([second]);
    expect(page.workers()).not.toContain(first);
    await page.click('#run');
    await finished(page);
    await close();
  });

  it('plays a run step by step, and from its beginning', async () => {
    const { page, close } = await open('/lab/gradient-descent?steps=40&seed=5');
    const at = () => page.textContent('.player output');
    await page.click('.player .rewind');
    expect(await at()).toBe('step 0 of 40');
    await page.click('.player .step');
    expect(await at()).toBe('step 1 of 40');
    await page.click('.player .play');
    await expect.poll(at, { timeout: 20_000 }).toBe('step 40 of 40');
    await close();
  });

  it('sweeps a parameter to a family of curves, which the link holds', async () => {
    const { page, close } = await open('/lab/gradient-descent?steps=40&seed=5');
    await page.click('#sweep summary');
    await page.selectOption('#sweep-param', 'curvature');
    await page.fill('#sweep-from', '4');
    await page.fill('#sweep-to', '24');
    await page.press('#sweep-to', 'Tab');
    await page.click('#sweep-run');
    await page.waitForSelector('#sweep-said:has-text("Done: 5 runs")');
    const names = await page.locator('#sweep .chart-panel').first().locator('.legend .name').allTextContents();
    // By the same factor, since the parameter's scale is logarithmic.
    expect(names).toEqual(['4', '6.26', '9.8', '15.3', '24'].map((value) => `curvature = ${value}`));
    await expect.poll(() => new URL(page.url()).searchParams.get('sweep')).toBe('curvature,4,24,5');
    await close();
  });

  it('hides and shows what a name stands for', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    const picture = () => page.locator('#results canvas').first().screenshot();
    const whole = await picture();
    const name = page.locator('.legend .name').first();
    await name.click();
    expect(await name.getAttribute('aria-pressed')).toBe('false');
    expect((await picture()).equals(whole)).toBe(false);
    await name.click();
    await page.mouse.move(0, 0);
    expect((await picture()).equals(whole)).toBe(true);
    await close();
  });

  it('shows two runs side by side and what differs between them', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5');
    await page.click('#results button:has-text("Keep this run")');
    const slider = page.getByRole('slider').nth(1);
    const before = await page.inputValue('#p-steps');
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.inputValue('#p-steps')).not.toBe(before);
    await page.waitForSelector('#results.two[aria-busy="false"]');
    expect(await page.locator('#results figure').count()).toBe(2);
    const differs = await page.locator('section[aria-label="Compared"] table').first().locator('tbody tr').allTextContents();
    expect(differs).toEqual([`steps${before}${await page.inputValue('#p-steps')}`]);
    expect(await page.locator('section[aria-label="Compared"] table').nth(1).locator('tbody tr').count()).toBeGreaterThan(2);
    await page.click('#results button:has-text("Drop the kept run")');
    expect(await page.locator('#results figure').count()).toBe(1);
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
    const { page, close } = await open(`/lab/${demo.name}?${new URLSearchParams({ ...lightest(demo), seed: '3' })}`);
    await page.locator(`#p-${name}`).locator('..').getByRole('slider').fill('100');
    const middle = Number(await page.inputValue(`#p-${name}`));
    const { min, max } = param as { min: number; max: number };
    expect(Math.abs(Math.log(middle / Math.sqrt(min * max)))).toBeLessThan(0.1 * Math.log(max / min));
    await close();
  });

  it('moves every logarithmic slider by keys from its low end, a number at a time where numbers are whole', async () => {
    const { page, close } = await open('/lab/gradient-descent?steps=40&seed=5');
    await page.uncheck('#live');
    for (const demo of demos) {
      const logged = Object.entries(demo.params).filter(([, param]) => 'scale' in param && param.scale === 'log' && param.min > 0);
      if (logged.length === 0) continue;
      await turnTo(page, `/lab/${demo.name}?${new URLSearchParams({ ...lightest(demo), seed: '3' })}`);
      for (const [name, param] of logged) {
        const { type, min } = param as { type: string; min: number };
        const value = async () => Number(await page.inputValue(`#p-${name}`));
        await page.locator(`#p-${name}`).locator('..').getByRole('slider').focus();
        await page.keyboard.press('Home');
        expect(await value(), `${demo.name} ${name}`).toBe(min);
        const seen = [min];
        for (const key of ['ArrowRight', 'ArrowUp', 'PageUp', 'ArrowLeft', 'ArrowDown']) {
          await page.keyboard.press(key);
          seen.push(await value());
        }
        const [, one, two, page1, back, again] = seen as [number, number, number, number, number, number];
        expect(min < one && one < two && two < page1 && page1 > back && back > again, `${demo.name} ${name} ${seen}`).toBe(true);
        if (type === 'integer') expect(seen.every(Number.isInteger)).toBe(true);
      }
    }
    await close();
  });

  it('says in the place of the result what is wrong with a value, and limits what would not end before it starts', async () => {
    const { page, close } = await open('/lab/training-plateau?seeds=1&steps=20&seed=4');
    await page.fill('#p-depth', '900');
    await page.click('#run');
    await page.waitForSelector('#results #problem:has-text("hidden layers: 1 to 20")');
    expect(await page.locator('#results.stale').count()).toBe(1);
    await page.click('#problem button');
    expect(await page.evaluate('document.activeElement.id')).toBe('p-depth');
    // A jump within the page leaves what was typed.
    await page.focus('#skip');
    await page.keyboard.press('Enter');
    await page.waitForURL(/#main$/);
    expect(await page.inputValue('#p-depth')).toBe('900');
    expect(await page.locator('#results figure').count()).toBe(1);
    const heavy = { depth: '20', width: '64', steps: '400', seeds: '5' };
    for (const [name, value] of Object.entries(heavy)) await page.fill(`#p-${name}`, value);
    await page.waitForSelector('#results #problem:has-text("It was not started")');
    await page.click('#lighten');
    // It runs, or has run already.
    await page.waitForSelector('#results:not(.stale)');
    await close();
  });

  it('is computed by the server where the browser has no WebAssembly, and says so', async () => {
    const before = served;
    const { page, close } = await open('/lab/gradient-descent?seed=5', {
      before: (page) => page.addInitScript('delete globalThis.WebAssembly'),
    });
    expect(await page.locator('#results .where').textContent()).toMatch(/^Computed on the server in \d+ ms.*cannot run WebAssembly/);
    expect(await page.locator('#results canvas').count()).toBe(2);
    expect(served).toBe(before + 1);
    expect(playground.services.demos.status().cacheBytes).toBeGreaterThan(0);
    // A connection that fails.
    await page.route('**/api/runs', (route) => route.abort());
    await page.click('#dice');
    await page.waitForSelector('#results #problem:has-text("could not be loaded")');
    expect(await page.locator('#results.stale').count()).toBe(1);
    await close();
  });

  it('stands in a frame of another page, without header and without making anybody', async () => {
    const { page, close } = await open('/lab/gradient-descent?seed=5&embed');
    expect(await page.locator('header').count()).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
    const { headers } = await fetch(`${playground.url}/lab/gradient-descent?embed`);
    expect(headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(headers.get('x-frame-options')).toBeNull();
    for (const path of ['/lab/gradient-descent', '/?embed', '/host?embed', '/lab/../host?embed']) {
      const other = await fetch(playground.url + path);
      expect(other.headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    }
    await close();
  });

  it('leaves room for itself at 400 %', async () => {
    const { page, close } = await open('/lab/gradient-norms?depth=3&seeds=1&seed=4', { viewport: { width: 320, height: 256 } });
    // Whatever is scrolled to can be seen: nothing stays over it.
    for (const id of ['p-depth', 'p-width', 'seed']) {
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
      const free = await page.evaluate(`(() => {
        const { left, top, width, height } = document.getElementById('${id}').getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + height / 2)?.id;
      })()`);
      expect(free).toBe(id);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    await close();
  });

  it('speaks Chinese on a phone, fits, and keeps the chart in sight while its controls are moved', async () => {
    const { page, close } = await open('/lab/training-plateau?seeds=1&steps=30&seed=2', { locale: 'zh-CN', ...PHONE });
    expect(await page.textContent('#run')).toBe('运行');
    expect(await page.locator('#results h2').textContent()).toMatch(/\p{Script=Han}/u);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.locator('#seed').scrollIntoViewIfNeeded();
    const seen = await page.evaluate(`(() => {
      const box = document.querySelector('#results canvas').getBoundingClientRect();
      return Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
    })()`);
    expect(seen).toBeGreaterThan(120);
    await close();
  });

  it('on a phone no control is reached under the chart that stays in sight', async () => {
    const { page, close } = await open('/lab/gradient-norms?seed=7', { viewport: { width: 390, height: 844 } });
    await page.waitForSelector('#results figure');
    await page.click('#results .title button');
    await page.click('#vary button >> nth=0');
    await page.waitForSelector('#results.two');
    await close();
  });

  it('logged no error', () => {
    expect(visitors.errors.filter((error) => !/ERR_FAILED/.test(error))).toEqual([]);
  });
});
