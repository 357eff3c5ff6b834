import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { say as reply } from '../../src/core/reply.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';

describe.skipIf(!chromiumPath)('the playground in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'e2e-')) });
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const open = async (room: string, options: Parameters<Visitors['visit']>[1] = {}) => {
    const visitor = await visitors.visit(`${playground.url}/r/${room}`, options);
    await settled(visitor.page);
    return visitor;
  };
  const post = (room: string, text: string, key: string) =>
    playground.services.outbox.post({ platform: 'web', space: 'local', room }, reply([{ type: 'note', text }]), key);

  it('takes a newcomer from the first visit to an answer, a formula, a chart and its numbers', async () => {
    const { page, close } = await open('first');
    await page.click('#empty button >> nth=0');
    await page.waitForSelector('.card h2:has-text("Batch normalization")');
    await page.locator('.card button', { hasText: 'maths' }).first().click();
    const formula = page.locator('.card .katex-html').first();
    await formula.waitFor();
    // KaTeX's own letters and measures are in force, under a policy that forbids style attributes.
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.card .katex')).fontFamily`)).toContain('KaTeX');
    expect(
      await formula
        .locator('.strut')
        .first()
        .evaluate((node) => node.style.height),
    ).toMatch(/em$/);
    await say(page, '/demo gradient-descent seed:3');
    // Drawn here, from the description that came with the picture; what it shows is said in words too.
    const chart = page.locator('figure.drawn canvas').first();
    await chart.waitFor();
    expect(await chart.getAttribute('aria-label')).toMatch(/0\.0808/);
    await page.click('figcaption button');
    await page.waitForSelector('#chart[open] table');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#chart button:has-text("Series")')]);
    expect(file.suggestedFilename()).toBe('gradient-descent-seed3.csv');
    const rows = await text(await file.createReadStream());
    expect(rows).toMatch(/^\uFEFFseries,x,y,low,high\r\n/);
    // A point of every series: what the table shows, in full precision.
    const demo = await playground.services.demos.run('gradient-descent', {}, 3, { owner: 'test' });
    const points = demo.outcome.series.reduce((sum, { x }) => sum + x.length, 0);
    expect(rows.trimEnd().split('\r\n')).toHaveLength(points + 1);
    expect(rows).toContain(String(demo.outcome.series[0]!.y[7]));
    await page.keyboard.press('Escape');
    // The page takes the sheet away when the browser has told it that it was closed.
    await page.waitForSelector('#chart', { state: 'detached' });
    expect(await page.locator('#chart').count()).toBe(0);
    await close();
  });

  it('does not move when a chart comes, and keeps a long answer’s beginning in view', async () => {
    const { page, close } = await open('still', { viewport: { width: 1000, height: 600 } });
    await page.evaluate(`
      shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
      }).observe({ type: 'layout-shift' })`);
    // The picture and the chart are held back until the rest has been drawn.
    await page.route('**/images/*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      await route.continue();
    });
    await say(page, '/demo gradient-descent seed:4');
    await page.waitForSelector('.card table');
    const height = await page.locator('figure').evaluate((figure) => figure.getBoundingClientRect().height);
    expect(height).toBeGreaterThan(200);
    await page.waitForSelector('figure.drawn canvas');
    expect(await page.locator('figure').evaluate((figure) => figure.getBoundingClientRect().height)).toBeGreaterThanOrEqual(height - 1);
    // What is laid out after the last canvas counts too.
    await page.waitForTimeout(400);
    expect(
      await page
        .locator('.said')
        .last()
        .evaluate((node) => node.getBoundingClientRect().top),
    ).toBeGreaterThan(50);
    expect(await page.evaluate('globalThis.shift')).toBeLessThan(0.05);
    await close();
  });

  it('leaves a reader where they are, and says how much is new', async () => {
    const { page, close } = await open('reading', { viewport: { width: 800, height: 500 } });
    for (let i = 0; i < 30; i++) await post('reading', `line ${i}`, `reading:${i}`);
    await page.waitForSelector('.message:has-text("line 29")');
    const top = () => page.locator('#scroller').evaluate((node) => node.scrollTop);
    expect(await page.locator('.message:has-text("line 29")').isVisible()).toBe(true);
    const bottom = await top();
    await page.hover('#scroller');
    await page.mouse.wheel(0, -300);
    await expect.poll(top).toBe(bottom - 300);
    const before = await top();
    await post('reading', 'line 30', 'reading:30');
    await post('reading', 'line 31', 'reading:31');
    await page.waitForSelector('#jump:has-text("2 new")');
    expect(await top()).toBe(before);
    await page.click('#jump');
    expect(await page.locator('.message:has-text("line 31")').isVisible()).toBe(true);
    expect(await page.locator('#jump').isHidden()).toBe(true);
    await close();
  });

  it('announces what is new politely, and not the log that it loads', async () => {
    await post('heard', 'from before', 'heard:0');
    const { page, close } = await open('heard');
    await page.waitForSelector('.message:has-text("from before")');
    expect(await page.getAttribute('#messages', 'aria-live')).toBe('off');
    expect(await page.textContent('#announcer')).toBe('');
    const ref = await post('heard', 'something new', 'heard:1');
    await page.waitForSelector('#announcer:has-text("Gradient Tutor: something new")', { state: 'attached' });
    // A board that only counts on is not read out again and again.
    await playground.services.outbox.update(ref, reply([{ type: 'note', text: '7 of 9' }]));
    await page.waitForSelector('.message:has-text("7 of 9")');
    expect(await page.textContent('#announcer')).toContain('something new');
    await close();
  });

  it('completes commands from the keyboard, in Chinese, on a phone, as a combobox', async () => {
    const { page, close } = await open('phone', { locale: 'zh-CN', viewport: { width: 390, height: 800 } });
    const line = page.getByRole('combobox');
    await page.fill('#line', '／de');
    await page.waitForSelector('#palette li');
    expect(await line.getAttribute('aria-expanded')).toBe('true');
    await page.press('#line', 'Tab');
    expect(await page.inputValue('#line')).toBe('/demo ');
    await page.waitForSelector('#palette li:has-text("逐层梯度范数")');
    await page.press('#line', 'ArrowDown');
    const active = await line.getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true');
    await page.press('#line', 'Escape');
    expect(await line.getAttribute('aria-expanded')).toBe('false');
    await say(page, '什么是饱和');
    await page.waitForSelector('.card h2:has-text("饱和")');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.press('#line', 'ArrowUp');
    expect(await page.inputValue('#line')).toBe('什么是饱和');
    await close();
  });

  it('does not send while an input method composes', async () => {
    const { page, context, close } = await open('ime');
    const client = await context.newCDPSession(page);
    await page.focus('#line');
    await client.send('Input.imeSetComposition', { text: 'tidu', selectionStart: 4, selectionEnd: 4 });
    await client.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
    expect(await page.inputValue('#line')).toBe('tidu');
    await client.send('Input.insertText', { text: '梯度' });
    expect(await page.inputValue('#line')).toBe('梯度');
    expect(await page.locator('.message').count()).toBe(0);
    await page.press('#line', 'Enter');
    await page.waitForSelector('.said:has-text("梯度")');
    await close();
  });

  it('keeps the draft, the history and the language over views and reloads', async () => {
    const { page, close } = await open('keeps');
    await say(page, '/topics');
    await page.waitForSelector('.card');
    await page.fill('#line', 'half a question');
    await page.click('#nav a:has-text("Scores")');
    await page.waitForSelector('#board .note');
    await page.click('#nav a:has-text("Chat")');
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/r/keeps');
    expect(await page.inputValue('#line')).toBe('half a question');
    await page.fill('#line', '');
    await page.press('#line', 'ArrowUp');
    expect(await page.inputValue('#line')).toBe('/topics');
    await page.click('#language');
    await page.waitForSelector('#send:has-text("发送")');
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await close();
  });

  it('logged no error', () => {
    expect(visitors.errors).toEqual([]);
  });
});

async function text(stream: AsyncIterable<Buffer | string>): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk.toString();
  return all;
}
