import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHostPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors, violations } from '../helpers/browser.ts';
import { choiceContent } from '../helpers/choice-content.ts';
import { startPlayground } from '../helpers/playground.ts';

describe.skipIf(!chromiumPath)('everybody can use the page', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  let password: string;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'access-')), env: { CONTENT_DIR: choiceContent() } });
    password = await resetHostPassword(playground.services.store.db);
    visitors = await openBrowser();
    // Something on the leaderboard and in the progress view of one player.
    const { page, close } = await visitors.visit(`${playground.url}/r/axe`, { before: named });
    await settled(page);
    await say(page, '/quiz start topic:batch-size questions:1 lobby:0 seconds:60');
    await page.locator('[data-press*="~pick~"]').first().click();
    await page.waitForSelector('.answer:has-text("Recorded")');
    await page.locator('[data-press*="~skip~"]').click();
    await page.waitForSelector('.card h2:has-text("Answer to question 1")');
    await page.locator('[data-press*="~next~"]').click();
    await page.waitForSelector('.card h2:has-text("Result")');
    await close();
  }, 120_000);
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const named = (page: Page) => page.addInitScript(`sessionStorage.setItem('name', 'Ana'); sessionStorage.setItem('room', 'axe')`);
  const desktop = { width: 1200, height: 800 };
  const phone = { width: 390, height: 844 };

  /** Brings every view into the states that it can be in; axe looks at each. */
  async function lookAtEverything(page: Page): Promise<Record<string, string[]>> {
    const found: Record<string, string[]> = {};
    const look = async (state: string) => {
      found[state] = await violations(page);
    };
    await settled(page);
    await look('empty room');
    await say(page, '/explain gradient');
    await page.waitForSelector('.card h2');
    await say(page, '/demo gradient-descent seed:3');
    await page.waitForSelector('.card table');
    await say(page, '/demo nonsense');
    await page.waitForSelector('.note.error');
    await say(page, '/nonsense');
    await page.waitForSelector('.unsent.failed');
    await page.fill('#line', '/q');
    await page.waitForSelector('#palette li');
    await page.press('#line', 'ArrowDown');
    await look('chat with palette');
    await page.press('#line', 'Escape');
    await page.locator('figure figcaption button').first().click();
    await page.waitForSelector('#chart table');
    await look('chart dialog');
    await page.keyboard.press('Escape');
    await say(page, '/quiz start topic:batch-size questions:1 lobby:0 seconds:60');
    await page.locator('[data-press*="~pick~"]').first().click();
    await page.waitForSelector('.answer:has-text("Recorded")');
    await look('quiz question');
    await page.locator('[data-press*="~skip~"]').last().click();
    await page.waitForSelector('.card h2:has-text("Answer to question 1")');
    await page.locator('[data-press*="~next~"]').last().click();
    await page.waitForSelector('.card h2:has-text("Result")');
    await look('result');
    await page.click('#name');
    await look('name dialog');
    await page.keyboard.press('Escape');
    for (const [path, ready] of [
      ['/lab/gradient-descent?seed=3', '#results figure canvas'],
      ['/notes', '.panel ul a'],
      ['/notes/batch-size', 'article footer'],
      ['/scores?where=all', '#board table'],
      ['/progress', '.panel'],
      ['/host', '#way-in'],
    ] as const) {
      await page.goto(playground.url + path);
      await page.waitForSelector(ready);
      if (path.startsWith('/lab')) {
        await page.click('#results button:has-text("Keep")');
        await page.click('#dice');
        await page.waitForSelector('#results.two');
      }
      await look(path);
    }
    // The way in, then what is behind it.
    await page.fill('#password', password);
    await page.press('#password', 'Enter');
    await page.waitForSelector('#figures');
    await look('host, signed in');
    await page.click('#host-leave');
    await page.waitForSelector('#way-in');
    return found;
  }

  it.each([
    ['light', desktop],
    ['dark', phone],
  ] as const)('axe finds no violation in any view (%s)', async (colorScheme, viewport) => {
    const { page, close } = await visitors.visit(`${playground.url}/r/axe-${colorScheme}`, { colorScheme, viewport, before: named });
    const found = await lookAtEverything(page);
    expect(Object.keys(found)).toHaveLength(13);
    expect(Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))).toEqual({});
    await close();
  });

  it('is used from the first visit to an answered question without a mouse', async () => {
    const { page, close } = await visitors.visit(`${playground.url}/r/keys`, { reducedMotion: 'reduce' });
    await settled(page);
    const focus = () => page.evaluate(`document.activeElement.id || document.activeElement.textContent`);
    expect(await focus()).toBe('line');
    await page.keyboard.type('/quiz start topic:batch-size questions:1 lobby:0 seconds:120');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-press*="~pick~"]');
    // Backwards from the line, the newest message's buttons come first.
    for (let i = 0; i < 12 && !(await page.evaluate(`document.activeElement.matches('[data-press*="~pick~"]')`)); i++)
      await page.keyboard.press('Shift+Tab');
    const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineWidth`);
    expect(outline).toBe('3px');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.answer:has-text("Recorded")');
    // The board counts on, and the focus stays where it was.
    await page.waitForSelector('.card:has-text("1 of 1 answered")');
    expect(await page.evaluate(`document.activeElement.matches('[data-press*="~pick~"]')`)).toBe(true);
    for (let i = 0; i < 12 && !(await page.evaluate(`document.activeElement.matches('[data-press*="~skip~"]')`)); i++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.card h2:has-text("Answer to question 1")');
    await page.keyboard.press('/');
    expect(await focus()).toBe('line');
    expect(await page.inputValue('#line')).toBe('/');
    // Nothing moves by itself for those who do not want it.
    expect(await page.evaluate(`document.getAnimations().length`)).toBe(0);
    await close();
  });

  it('has a way past the header, a heading and a title in every view', async () => {
    const { page, close } = await visitors.visit(`${playground.url}/scores`);
    for (const path of ['/r/keys', '/notes', '/lab', '/scores', '/progress', '/host']) {
      await page.goto(playground.url + path);
      await page.waitForSelector('h1', { state: 'attached' });
      expect(await page.locator('h1').count(), path).toBe(1);
      expect(await page.title(), path).toMatch(/ · Gradient Tutor$/);
      expect(await page.locator('#nav [aria-current="page"]').count(), path).toBe(1);
      await page.focus('#skip');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id'), path).toBe('main');
    }
    await close();
  });

  it('logged no error but the refused line', () => {
    expect(visitors.errors.filter((error) => !error.includes('status of 400'))).toEqual([]);
  });
});
