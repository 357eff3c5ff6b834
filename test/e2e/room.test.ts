import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, say, settled, type Visitors } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';
import { teachingContent } from '../helpers/teaching-content.ts';

describe.skipIf(!chromiumPath)('teaching in the room, in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'room-')), env: { CONTENT_DIR: teachingContent() } });
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
  /** The letter in front of a choice that begins so. */
  const letter = async (page: Page, board: string, words: string): Promise<string> => {
    const text = (await page.locator(`.message:has(h2:has-text("${board}"))`).last().textContent()) ?? '';
    return new RegExp(`([A-E])\\.\\s*${words}`).exec(text)![1]!;
  };
  /** The choices of a quiz are buttons with their words. */
  const vote = (page: Page, board: string, words: string) =>
    page.locator(`.message:has(h2:has-text("${board}")) [data-press*="~pick~"]:has-text("${words}")`).last().click();

  it('a vote with a hint, a reason, a second vote, and both splits', async () => {
    const [ana, ben] = [await open('talk'), await open('talk')];
    await say(ana, '/quiz start taught mode:discuss questions:1 lobby:0 seconds:600');
    await ben.waitForSelector('h2:has-text("Question 1 of 1")');
    await ben.click('[data-press*="~hint~"]');
    await ben.waitForSelector('.message:has(.private):has-text("Think of taught.")');
    expect(await ana.locator('text=Think of taught.').count()).toBe(0);
    await vote(ana, 'Question 1 of 1', 'wrong');
    await vote(ben, 'Question 1 of 1', 'right');
    await ana.click('[data-press*="~skip~"]');
    await ben.waitForSelector('h2:has-text("talk it over")');
    expect(await ben.locator('img[alt^="Votes"]').count()).toBe(0);
    await ben.click('[data-press*="~reason~"]');
    await ben.locator('.ask-line input').fill('it says so <b>there</b>');
    await ben.keyboard.press('Enter');
    await ana.waitForSelector('text=it says so <b>there</b>');
    await ana.click('[data-press*="~like~"]');
    await ana.locator('.message:has(h2:has-text("talk it over")) [data-press*="~skip~"]').click();
    await ana.waitForSelector('h2:has-text("second vote")');
    await vote(ana, 'second vote', 'right');
    await ana.locator('.message:has(h2:has-text("second vote")) [data-press*="~skip~"]').click();
    await ben.waitForSelector('text=Right alone: 50 %, after the talk: 100 %');
    await ben.waitForSelector('text=What convinced:');
    await ben.waitForSelector('.message:has(.private):has-text("+500 points")');
  });

  it('a personal quiz, in one message that only its person sees', async () => {
    const [ana, ben] = [await open('alone'), await open('alone')];
    await say(ana, '/quiz me taught');
    await ana.waitForSelector('h2:has-text("Your quiz, question 1 of 5")');
    const wrong = await letter(ana, 'Your quiz', 'wrong');
    await ana.click(`[data-press*="~pick~"]:text-is("${wrong}")`);
    await ana.waitForSelector('text=The next question tells apart what you mixed up here.');
    await ana.click('[data-press*="quiz~on~"]');
    await ana.waitForSelector('h2:has-text("Your quiz, question 2 of 5")');
    expect(await ben.locator('text=Your quiz').count()).toBe(0);
  });

  it('a quiz over days, each alone, ended by who opened it', async () => {
    const [ana, ben] = [await open('days'), await open('days')];
    await say(ana, '/quiz open taught until:"in 3 days" zone:Europe/Berlin');
    await ben.waitForSelector('h2:has-text("Quiz at your own pace")');
    await ben.click('[data-press*="quiz~open~"]');
    for (const number of [1, 2]) {
      await ben.waitForSelector(`h2:has-text("Question ${number} of 2")`);
      await ben.locator(`.message:has(h2:has-text("Question ${number} of 2")) [data-press*="~own~"]:has-text("right")`).click();
    }
    await ben.waitForSelector('text=All your answers are in.');
    expect(await ana.locator('text=Question 1 of 2').count()).toBe(0);
    await ana.click('[data-press*="~stop~"]');
    await ana.click('[data-press*="~end~"]');
    await ben.waitForSelector('h2:has-text("Result")');
    await ben.waitForSelector('text=2000 points, 2 of 2 right');
  });

  it('a schedule is made, listed and cancelled', async () => {
    const ana = await open('later');
    await say(ana, '/quiz schedule taught when:"every 1 minute"');
    await ana.waitForSelector('.message:has-text("a quiz repeats weekly at most")');
    await say(ana, '/quiz schedule taught when:"Friday 18:00" zone:Asia/Shanghai repeat:weekly');
    await ana.waitForSelector('.message:has-text("18:00 (Asia/Shanghai)")');
    await say(ana, '/quiz schedules');
    await ana.waitForSelector('h2:has-text("Scheduled here")');
    await ana.locator('.message:has(h2:has-text("Scheduled here")) [data-press*="~cancel~"]').click();
    await ana.waitForSelector('text=Cancelled: quiz on taught');
  });
});
