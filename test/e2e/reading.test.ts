import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Block, say as reply } from '../../src/core/reply.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors } from '../helpers/browser.ts';
import { choiceContent } from '../helpers/choice-content.ts';
import { startPlayground } from '../helpers/playground.ts';

describe.skipIf(!chromiumPath)('reading the chat in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'reading-')), env: { CONTENT_DIR: choiceContent() } });
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
  const post = (room: string, blocks: Block[], key: string) =>
    playground.services.outbox.post({ platform: 'web', space: 'local', room }, reply(blocks), key);
  const note = (text: string): Block[] => [{ type: 'note', text }];

  it('earlier messages come above what one looks at, which stays in its place', async () => {
    for (let i = 0; i < 230; i++) await post('long', note(`line ${i}`), `long:${i}`);
    const { page, close } = await open('long', { viewport: { width: 800, height: 500 } });
    await page.waitForSelector('.message:has-text("line 229")');
    for (const first of [130, 30]) {
      await page.locator('#scroller').evaluate((node) => node.scrollTo(0, 0));
      await page.locator('#earlier').focus();
      const place = () => page.locator(`[data-id="long:${first}"]`).evaluate((node) => Math.round(node.getBoundingClientRect().top));
      const before = await place();
      await page.click('#earlier');
      await page.waitForSelector(`[data-id="long:${first - 1}"]`, { state: 'attached' });
      // Whatever is laid out afterwards does not move it either.
      await page.waitForTimeout(400);
      expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(2);
    }
    // Reading goes on there when something new comes.
    const top = () => page.locator('#scroller').evaluate((node) => Math.round(node.scrollTop));
    const at = await top();
    await post('long', note('line 230'), 'long:230');
    await page.waitForSelector('#jump:has-text("1 new")');
    expect(await top()).toBe(at);
    await close();
  });

  it('a room of 400 messages is scrolled back without a jump while others come, and each is drawn once', async () => {
    await Promise.all(Array.from({ length: 420 }, (_, i) => post('full', note(`line ${i}`), `full:${i}`)));
    const order = await playground.services.outbox.post(
      { platform: 'web', space: 'local', room: 'full' },
      reply(note('last')),
      'full:last',
    );
    // Every message that is drawn writes its time once.
    const count = `window.drawn = 0;
      const write = Date.prototype.toISOString;
      Date.prototype.toISOString = function () { window.drawn++; return write.call(this); };`;
    const { page, close } = await open('full', { viewport: { width: 800, height: 500 }, before: (page) => page.addInitScript(count) });
    await page.waitForSelector('.message:has-text("last")');
    let said = 0;
    const talk = setInterval(() => void post('full', note(`meanwhile ${said}`), `meanwhile:${said++}`), 25);
    onTestFinished(() => clearInterval(talk));
    const shown = () => page.locator('.message').count();
    for (const _ of [1, 2, 3]) {
      await page.locator('#scroller').evaluate((node) => node.scrollTo(0, 0));
      // Where the first message stands in each picture from now on.
      await page.evaluate(`(() => {
        const first = document.querySelector('#messages .message');
        window.tops = [];
        const look = () => { window.tops.push(first.getBoundingClientRect().top); window.looking = requestAnimationFrame(look); };
        look();
      })()`);
      const before = await shown();
      await page.click('#earlier');
      await expect.poll(shown).toBeGreaterThanOrEqual(before + 100);
      await page.waitForTimeout(300);
      const tops = (await page.evaluate('cancelAnimationFrame(window.looking), window.tops')) as number[];
      expect(tops.length).toBeGreaterThan(5);
      expect(Math.max(...tops) - Math.min(...tops)).toBeLessThanOrEqual(2);
    }
    clearInterval(talk);
    await page.waitForSelector(`[data-id="meanwhile:${said - 1}"]`, { state: 'attached' });
    expect(await shown()).toBe(400 + said);
    expect(said).toBeGreaterThan(5);
    // One that comes and one that changes draw themselves.
    const drawnBy = async (change: () => Promise<unknown>, text: string) => {
      await page.evaluate('window.drawn = 0');
      await change();
      await page.waitForSelector(`.message:has-text("${text}")`, { state: 'attached' });
      return page.evaluate('window.drawn');
    };
    expect(await drawnBy(() => post('full', note('one more'), 'full:more'), 'one more')).toBe(1);
    expect(await drawnBy(() => playground.services.outbox.update(order, reply(note('another last'))), 'another last')).toBe(1);
    // Where the oldest goes for it, the next says the day.
    await page.click('#jump');
    const before = await shown();
    expect(await drawnBy(() => post('full', note('the newest'), 'full:newest'), 'the newest')).toBe(2);
    expect(await shown()).toBe(before);
    await close();
  });

  it('a refused line comes into view below a long answer', async () => {
    const { page, close } = await open('far', { viewport: { width: 390, height: 600 } });
    await post(
      'far',
      Array.from({ length: 40 }, (_, i) => note(`line ${i}`)[0]!),
      'far:1',
    );
    await page.waitForSelector('.message:has-text("line 39")');
    await say(page, '/nonsense');
    await page.waitForSelector('.unsent.failed');
    await page.waitForTimeout(400);
    const { bottom, line } = (await page.evaluate(`({
      bottom: document.querySelector('.unsent button').getBoundingClientRect().bottom,
      line: document.querySelector('#composer').getBoundingClientRect().top,
    })`)) as { bottom: number; line: number };
    expect(bottom).toBeLessThanOrEqual(line);
    await close();
  });

  it.each(['en-GB', 'zh-CN'])('the header keeps to two rows on a phone, whatever one is called (%s)', async (locale) => {
    const { page, close } = await open('a-room-with-quite-a-long-name', { locale, viewport: { width: 360, height: 740 } });
    expect(await page.locator('header').evaluate((node) => node.getBoundingClientRect().height)).toBeLessThan(100);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await page.locator('#room').evaluate((node) => node.getBoundingClientRect().width)).toBeGreaterThan(60);
    await close();
  });

  it('a refused line stays where it was said, above what is said later', async () => {
    const { page, close } = await open('refused');
    await say(page, '/nonsense');
    await page.waitForSelector('.unsent.failed');
    await post('refused', note('said later'), 'refused:later');
    await page.waitForSelector('.message:has-text("said later")');
    const tops = await page.evaluate(
      `['.unsent.failed', '[data-id="refused:later"]'].map((one) => document.querySelector(one).getBoundingClientRect().top)`,
    );
    expect((tops as number[])[0]).toBeLessThan((tops as number[])[1]!);
    // It can still be mended.
    await page.click('.unsent button:has-text("Edit")');
    expect(await page.inputValue('#line')).toBe('/nonsense');
    expect(await page.locator('.unsent').count()).toBe(0);
    await close();
  });

  it('the keyboard goes on to the reveal when a question’s buttons are gone', async () => {
    const { page, close } = await open('focus');
    await say(page, '/quiz start topic:batch-size questions:1 lobby:0 seconds:10');
    const pick = page.locator('[data-press*="~pick~"]').first();
    await pick.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.answer:has-text("Recorded")');
    await page.waitForSelector('.card h2:has-text("Answer to question 1")', { timeout: 60_000 });
    await page.waitForSelector('[data-press*="~pick~"]', { state: 'detached' });
    expect(await page.evaluate(`document.activeElement.closest('.message')?.querySelector('h2')?.textContent`)).toBe(
      'Answer to question 1',
    );
    // The next stop is what came after it.
    await page.keyboard.press('Tab');
    expect(await page.evaluate(`document.activeElement.tagName !== 'BODY' && document.activeElement.closest('.message') !== null`)).toBe(
      true,
    );
    await close();
  });

  it('the keyboard stays at a run that becomes its answer', async () => {
    const { page, close } = await open('cancel');
    await say(page, '/demo bert-layers layers:4 steps:600 seed:5');
    await page.locator('.working button:has-text("Cancel")').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.note.error:has-text("cancelled")');
    await page.waitForSelector('.working', { state: 'detached' });
    expect(await page.evaluate(`document.activeElement.closest('.message') !== null`)).toBe(true);
    await close();
  });

  it('the same words are read out again when they are said again', async () => {
    const { page, close } = await open('again');
    await page.evaluate(`window.spoken = [];
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) window.spoken.push(node.textContent);
      }).observe(document.querySelector('#announcer'), { childList: true, subtree: true, characterData: true });`);
    for (const key of ['again:1', 'again:2']) {
      await post('again', note('the same'), key);
      await page.waitForSelector(`[data-id="${key}"]`);
    }
    expect(await page.evaluate('window.spoken')).toEqual(['Gradient Tutor: the same', 'Gradient Tutor: the same']);
    await close();
  });

  it('what is read out has words and no marks', async () => {
    const { page, close } = await open('aloud');
    const text = '**A.** the *variance* of `x` is $\\frac{1}{n}$ — see [the note](https://example.org/x)\n\n- one\n- two';
    await post(
      'aloud',
      [
        { type: 'heading', text: 'Question 1' },
        { type: 'markdown', text },
      ],
      'aloud:1',
    );
    await page.waitForSelector('#announcer:has-text("Question 1")', { state: 'attached' });
    const said = (await page.textContent('#announcer'))!;
    expect(said).not.toMatch(/[*`$\\[\]]|https/);
    expect(said).toMatch(/Question 1\. A\. the variance of x is .*see the note/);
    // A formula is said once, not as its source and its picture besides.
    expect(said.match(/n/g)!.length).toBeLessThan(12);
    await close();
  });
});
