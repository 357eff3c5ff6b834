import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byArea, nextAfter, pathTo } from '../../src/notes/path.ts';
import { chromiumPath, openBrowser, type Visitors } from '../helpers/browser.ts';
import { type Program, startPlayground } from '../helpers/playground.ts';

describe.skipIf(!chromiumPath)('the notes as pages', { timeout: 90_000 }, () => {
  let playground: Program & { url: string };
  let browser: Visitors;
  const shots = process.env.SHOTS;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'notes-page-')), env: { TF_BACKEND: 'wasm' } });
    browser = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await playground?.close();
  });

  it('lists every topic by area, and the search leads to the answer itself', async () => {
    const { page, close } = await browser.visit(`${playground.url}/notes`);
    await page.waitForSelector('.notes section li a');
    const listed = await page.locator('.notes section > ul > li > a').count();
    expect(listed).toBe(playground.services.notes.content().topics.size);
    if (shots) await page.screenshot({ path: join(shots, 'index.png'), fullPage: true });
    await page.fill('#find', 'why is dropout turned off at test time?');
    await page.waitForSelector('.found a');
    await page.press('#find', 'Enter');
    await page.waitForURL(/\/notes\/dropout#/);
    const open = page.locator('.notes details[open]');
    await open.waitFor();
    expect(await open.count()).toBe(1);
    await close();
  });

  it.each([
    ['en', { width: 1200, height: 800 }, 'light'],
    ['zh', { width: 360, height: 740 }, 'dark'],
  ] as const)('shows a whole topic: formulas, what people ask, sources (%s)', async (locale, viewport, colorScheme) => {
    const { page, close } = await browser.visit(`${playground.url}/notes/batch-normalization`, {
      locale: locale === 'zh' ? 'zh-CN' : 'en-GB',
      viewport,
      colorScheme,
    });
    await page.waitForSelector('.notes h1');
    const topic = playground.services.notes.topic('batch-normalization')!;
    expect(await page.locator('.notes h1').textContent()).toBe(topic.texts[locale]!.title);
    expect(await page.locator('.notes details').count()).toBe(topic.answers.length);
    expect(await page.locator('.notes .katex').count()).toBeGreaterThan(5);
    // No mark of Markdown, TeX or citations is left, and nothing makes the page wider than the window.
    const text = await page.locator('.notes article').evaluate((article) => {
      for (const details of article.querySelectorAll('details')) details.open = true;
      for (const hidden of article.querySelectorAll('.katex-mathml, code')) hidden.remove();
      return article.textContent ?? '';
    });
    expect(text).not.toMatch(/\*\*|\[@|\$[^$]+\\/);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
    if (shots) await page.screenshot({ path: join(shots, `${locale}.png`) });
    await close();
  });

  it('shows the way to a topic as a map that one walks by keyboard, every arrow from what comes before', async () => {
    const { page, close } = await browser.visit(`${playground.url}/notes/lstm-and-gru`);
    await page.waitForSelector('.map .way', { state: 'attached' });
    const { notes } = playground.services;
    const path = pathTo(notes, notes.topic('lstm-and-gru')!);
    const after = nextAfter(notes, 'lstm-and-gru');
    const links = await page.locator('.map a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links).toEqual([...path, ...after].map(({ id }) => `/notes/${id}`));
    const shown = new Set([...path, ...after].map(({ id }) => id));
    expect(await page.locator('.map .way').count()).toBe(
      [...path, ...after].flatMap(({ needs }) => needs.filter((id) => shown.has(id))).length,
    );
    expect(await page.locator('.map [aria-current="page"]').getAttribute('href')).toBe('/notes/lstm-and-gru');
    // No two of them stand on each other, and the words beside the map name the same.
    expect(await overlaps(page)).toEqual([]);
    expect(await page.locator('#learning-path p a').count()).toBe(links.length - 1);
    await page.locator('.map a').first().focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`${path[1]!.id}$`));
    await close();
  });

  it('maps every area, with what it builds on elsewhere, also on a phone', async () => {
    const { page, close } = await browser.visit(`${playground.url}/notes`, { viewport: { width: 360, height: 740 } });
    for (const [area, topics] of byArea(playground.services.notes.content().topics.values())) {
      await page.selectOption('#map-area', area);
      const own = topics.map(({ id }) => id);
      const beyond = new Set(topics.flatMap(({ needs }) => needs.filter((id) => !own.includes(id))));
      await expect.poll(() => page.locator('.map a').count(), { message: area }).toBe(own.length + beyond.size);
      await expect.poll(() => page.locator('.map .way').count(), { message: area }).toBe(topics.flatMap(({ needs }) => needs).length);
      expect(await page.locator('.map a.beyond').count()).toBe(beyond.size);
      await expect.poll(() => overlaps(page), { message: area }).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await close();
  });

  it('runs a claim in the text, and opens everything on paper', async () => {
    const { page, close } = await browser.visit(`${playground.url}/notes/gradient-descent`);
    await page.locator('.claims button').first().click();
    const chart = page.locator('.claims .outcome canvas').first();
    await chart.waitFor({ timeout: 60_000 });
    expect((await chart.getAttribute('aria-label'))!.length).toBeGreaterThan(20);
    if (shots) {
      await chart.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(shots, 'run.png') });
      await page.pdf({ path: join(shots, 'print.pdf') });
    }
    await page.emulateMedia({ media: 'print' });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator('.notes details:not([open])').count()).toBe(0);
    expect(browser.errors).toEqual([]);
    await close();
  });

  it('says where to look when there is no such topic', async () => {
    const { page, close } = await browser.visit(`${playground.url}/notes/batch-normalisatoin`);
    await page.waitForSelector('.notes .note');
    expect(await page.locator('.notes .note').textContent()).toMatch(/Batch normalization/i);
    expect(await page.locator('#find').count()).toBe(1);
    await close();
    browser.errors.length = 0;
  });
});

/** Places of a map that stand on each other. */
const overlaps = (page: Page) =>
  page.locator('.map a').evaluateAll((all) => {
    const boxes = all.map((one) => one.getBoundingClientRect());
    return boxes.flatMap((a, i) =>
      boxes.flatMap((b, j) => (i < j && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? [[i, j]] : [])),
    );
  });
