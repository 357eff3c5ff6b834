import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchChromium } from '../helpers/chromium.ts';
import { startPlayground } from '../helpers/playground.ts';

const executablePath = findChromium();
if (!executablePath)
  process.stderr.write('No Chromium on this machine: the browser tests are left out (Debian: apt-get install chromium).\n');

describe.skipIf(!executablePath)('the playground in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let browser: Browser;
  const errors: string[] = [];

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'e2e-')) });
    browser = await launchChromium(executablePath!);
  });
  afterAll(async () => {
    await browser?.close();
    await playground?.close();
  });

  async function open(room: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; context: BrowserContext }> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1200, height: 800 },
      ...options,
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await page.goto(`${playground.url}/r/${room}`);
    await page.waitForSelector('#empty:not([hidden]), .message');
    return { page, context };
  }

  async function say(page: Page, text: string): Promise<void> {
    await page.fill('#line', text);
    await page.press('#line', 'Enter');
  }

  it('takes a newcomer from the first visit to an answer and a chart', async () => {
    const { page, context } = await open('first');
    await page.click('#empty button >> nth=0');
    await page.waitForSelector('.card h2:has-text("Batch normalization")');
    expect(await page.locator('.card math').count()).toBe(0);
    await page.locator('.card button', { hasText: 'maths' }).first().click();
    await page.waitForSelector('.card math');
    await say(page, '/demo gradient-descent seed:3');
    const image = page.locator('figure img');
    await image.waitFor();
    expect(await image.getAttribute('alt')).toMatch(/0\.0808/);
    await page.waitForFunction(`document.querySelector('figure img').naturalWidth === 1600`);
    await page.click('figure button');
    await page.waitForSelector('#chart[open] img');
    await page.keyboard.press('Escape');
    await context.close();
  });

  it('lets two players in two pages finish a quiz, one reloading in mid-question', async () => {
    const [ana, ben] = [await open('quiz'), await open('quiz')];
    await say(ana.page, '/quiz start topic:batch-size questions:2 lobby:0 seconds:20');
    for (let question = 1; question <= 2; question++) {
      const board = `.card:has(h2:has-text("Question ${question} of 2"))`;
      for (const { page } of [ana, ben]) await page.waitForSelector(`${board} [data-press*="~pick~"]`);
      await ana.page.locator(`${board} [data-press*="~pick~"]`).first().click();
      await ana.page.waitForSelector('.answer:has-text("Recorded")');
      if (question === 1) {
        await ben.page.reload();
        await ben.page.waitForSelector(`${board} [data-press*="~pick~"]`);
      }
      await ben.page.locator(`${board} [data-press*="~pick~"]`).nth(1).click();
      const reveal = `.card:has(h2:has-text("Answer to question ${question}"))`;
      for (const { page } of [ana, ben]) await page.waitForSelector(reveal);
      await ana.page.locator(`${reveal} [data-press*="~next~"]`).click();
    }
    for (const { page } of [ana, ben]) {
      await page.waitForSelector('.card h2:has-text("Result")');
      // Nothing came twice, also not to the page that was loaded again.
      expect(await page.locator('.card h2:has-text("Question 1 of 2")').count()).toBe(1);
      expect(await page.locator('.card:has(h2:has-text("Result")) dt').count()).toBe(2);
    }
    const names = await Promise.all([ana, ben].map(({ page }) => page.textContent('#name')));
    expect(new Set(names).size).toBe(2);
    await Promise.all([ana.context.close(), ben.context.close()]);
  });

  it('completes commands from the keyboard, in Chinese, on a phone', async () => {
    const { page, context } = await open('phone', { locale: 'zh-CN', viewport: { width: 390, height: 800 } });
    await page.fill('#line', '/de');
    await page.waitForSelector('#palette li');
    await page.press('#line', 'Tab');
    expect(await page.inputValue('#line')).toBe('/demo ');
    await page.waitForSelector('#palette li:has-text("gradient-norms")');
    await page.press('#line', 'Escape');
    await page.fill('#line', '什么是饱和');
    await page.press('#line', 'Enter');
    await page.waitForSelector('.card h2:has-text("饱和")');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await context.close();
  });

  it('shows names and messages as text', async () => {
    const { page, context } = await open('xss');
    await page.click('#name');
    await page.fill('#ask input', '<img src=x onerror=alert(1)>');
    await page.click('#ask button[value=ok]');
    await say(page, '<script>document.title="hacked"</script>');
    await page.waitForSelector('.said');
    expect(await page.locator('.message img[src=x]').count()).toBe(0);
    expect(await page.title()).not.toBe('hacked');
    await context.close();
  });

  it.each(['light', 'dark'] as const)('has no accessibility violation that axe finds (%s)', async (colorScheme) => {
    const { page, context } = await open(`axe-${colorScheme}`, { colorScheme });
    await say(page, '/explain gradient');
    await page.waitForSelector('.card h2');
    await say(page, '/demo gradient-descent seed:3');
    await page.waitForSelector('.card table');
    await say(page, '/demo nonsense');
    await page.waitForSelector('.note.error');
    await page.fill('#line', '/q');
    await page.waitForSelector('#palette li');
    // Evaluated by the browser's debugger, so that the page's own policy stays as it is.
    await page.evaluate(axe.source);
    const found = await page.evaluate(async () => {
      const { violations } = await (
        globalThis as unknown as {
          axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
    });
    expect(found).toEqual([]);
    await context.close();
  });

  it('logged no error', () => {
    expect(errors).toEqual([]);
  });
});
