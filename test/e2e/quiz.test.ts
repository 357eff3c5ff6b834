import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, say, settled, type Visitors } from '../helpers/browser.ts';
import { createMovableClock } from '../helpers/clock.ts';
import { gameContent } from '../helpers/game.ts';
import { startPlayground } from '../helpers/playground.ts';

describe.skipIf(!chromiumPath)('a quiz in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  const clock = createMovableClock(0);
  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'quiz-')), clock, env: { CONTENT_DIR: gameContent() } });
    visitors = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const open = async (room: string): Promise<Page> => {
    const { page } = await visitors.visit(`${playground.url}/r/${room}`);
    await settled(page);
    return page;
  };

  it('is answered by typing into a form that stays while the board changes; the verdict is each one’s own', async () => {
    const [ana, ben] = [await open('typed'), await open('typed')];
    await say(ana, '/quiz start topic:numeric lobby:0 seconds:300');
    await ana.waitForSelector('h2:has-text("Question 1 of 1")');
    await ana.click('[data-press*="~type~"]');
    const field = ana.locator('.ask-line input');
    await field.pressSequentially('0,2');
    // Ben answers meanwhile: the board says so, and Ana's half answer and her caret are where they were.
    await ben.click('[data-press*="~type~"]');
    await ben.locator('.ask-line input').fill('7');
    await ben.keyboard.press('Enter');
    await ben.waitForSelector('.answer:has-text("Recorded: 7")');
    await ana.waitForSelector('.note:has-text("1 of 1 answered")');
    await ana.keyboard.type('5');
    expect(await field.inputValue()).toBe('0,25');
    await ana.keyboard.press('Enter');
    await ana.waitForSelector('.answer:has-text("Recorded: 0,25")');
    await ana.click('[data-press*="~skip~"]');
    await ana.waitForSelector('.message:has(.private) .verdict.right:has-text("+1000 points, 1000 in all · Place 1 of 2")');
    await ben.waitForSelector('.message:has(.private) .verdict.wrong:has-text("Question 1: not this time")');
    expect(await ben.locator('.verdict dd').allTextContents()).toEqual(['7', '0.25 ± 0.01']);
    expect(await ben.locator('text=+1000 points').count()).toBe(0);
    // What one chose is still said, and not in the colour of what is right.
    const [said, text] = (await ben.evaluate(`(() => {
      const line = document.querySelector('.answer.over');
      return [getComputedStyle(line).color, getComputedStyle(document.body).color];
    })()`)) as [string, string];
    expect(said).toBe(text);
    // Ending asks once, and who did not start it may not.
    expect(await ana.locator('[data-press*="~stop~"]').count()).toBe(1);
    expect(await ben.locator('[data-press*="~stop~"]').count()).toBe(0);
    await say(ben, '/quiz stop');
    await ben.waitForSelector('.note.error:has-text("Only the person who started this quiz")');
    await ana.click('[data-press*="~stop~"]');
    await ana.click('[data-press*="~end~"]');
    await ana.waitForSelector('h2:has-text("Result")');
  });

  it('goes on to its end when its starter has left, and a person with two tabs is one player', async () => {
    const [host, ben] = [await open('left'), await open('left')];
    const { page: ana, context } = await visitors.visit(`${playground.url}/r/left`);
    await settled(ana);
    await say(host, '/quiz start topic:pair lobby:0 seconds:300');
    await host.waitForSelector('[data-press*="~pick~"]');
    await host.context().close();
    const second = await context.newPage();
    await second.goto(`${playground.url}/r/left`);
    let ahead = 0;
    for (const question of [1, 2]) {
      const board = `.pinned:has(h2:has-text("Question ${question} of 2"))`;
      await ana.locator(`${board} [data-press*="~pick~"]`).nth(0).click();
      // The other tab shows what was chosen here, and changes it.
      await second.waitForSelector(`${board} [aria-pressed="true"]:has-text("A")`);
      await second.locator(`${board} [data-press*="~pick~"]`).nth(1).click();
      await ana.waitForSelector(`${board} .answer:has-text("Recorded: B")`);
      await ben.locator(`${board} [data-press*="~pick~"]`).nth(1).click();
      await ben.waitForSelector(`${board} .note:has-text("2 of 2 answered")`);
      for (const page of [ana, second, ben]) expect(await page.locator('[data-press*="~stop~"], [data-press*="~next~"]').count()).toBe(0);
      // The question's time runs out; then the answer has been read.
      for (const seconds of [400, 20]) {
        if (seconds === 20)
          for (const page of [ana, second, ben]) await page.waitForSelector(`.card h2:has-text("Answer to question ${question}")`);
        ahead += 1000 * seconds;
        clock.move(ahead);
      }
    }
    for (const page of [ana, second, ben]) {
      await page.waitForSelector('h2:has-text("Result")');
      // Each is told once in every tab.
      expect(await page.locator('.verdict').count()).toBe(2);
    }
    expect(await ana.locator('.verdict dd').allTextContents()).toEqual(await second.locator('.verdict dd').allTextContents());
    const { rows } = (await (await fetch(`${playground.url}/api/scores?room=left`)).json()) as { rows: { answered: number }[] };
    expect(rows.map(({ answered }) => answered)).toEqual([2, 2]);
  });

  it('an order shows on its letters as which one each was pressed', async () => {
    const page = await open('order');
    await say(page, '/quiz start topic:ordering lobby:0 seconds:300');
    const letters = page.locator('[data-press*="~pick~"]');
    await letters.nth(2).click();
    await page.waitForSelector('.answer:has-text("Still missing: 2 of 3")');
    await letters.nth(0).click();
    await page.waitForSelector('.answer:has-text("Still missing: 1 of 3")');
    expect(await letters.locator('.place').allTextContents()).toEqual(['2.', '1.']);
    await page.reload();
    await page.waitForSelector('[data-press*="~pick~"] .place');
    expect(await letters.locator('.place').allTextContents()).toEqual(['2.', '1.']);
  });

  it('a review turns its own card over in place', async () => {
    const page = await open('review');
    await say(page, '/review topic:multiple');
    await page.waitForSelector('[data-press*="~pick~"]');
    const cards = await page.locator('.message').count();
    await page.locator('[data-press^="1~review~pick~"]').first().click();
    await page.waitForSelector('.note:has-text("So far: A")');
    await page.click('[data-press^="1~review~done~"]');
    await page.waitForSelector('.note:has-text("This one comes back")');
    expect(await page.locator('.message').count()).toBe(cards);
  });
});
