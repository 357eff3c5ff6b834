import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHostPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors, violations } from '../helpers/browser.ts';
import { choiceContent } from '../helpers/choice-content.ts';
import { startPlayground } from '../helpers/playground.ts';

const SHOTS = process.env.SHOTS;

describe.skipIf(!chromiumPath)('people in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'people-e2e-')), env: { CONTENT_DIR: choiceContent() } });
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const shoot = async (page: Page, name: string) => {
    if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  };
  const open = async (path: string, name?: string, options: Parameters<Visitors['visit']>[1] = {}) => {
    const before = async (page: Page) => void (name && (await page.addInitScript(`sessionStorage.setItem('name', '${name}')`)));
    const visitor = await visitors.visit(playground.url + path, { before, ...options });
    if (path.startsWith('/r/')) await settled(visitor.page);
    return visitor;
  };
  const nameOf = (page: Page) => page.locator('#name').textContent();
  /** Answers the open review question, whatever it is. */
  const review = async (page: Page) => {
    await say(page, '/review topic:batch-size');
    await page.locator('[data-press^="1~review~pick"]').first().click();
    await page.waitForSelector('.card:has-text("Right"), .card:has-text("Wrong"), .card [data-press^="1~review~next"]');
  };

  it('two browsers of one name share nothing, and are shown apart', async () => {
    const [one, two] = [await open('/r/apart', 'Alex'), await open('/r/apart', 'Alex')];
    expect(await nameOf(one.page)).toContain('Alex');
    expect(await nameOf(two.page)).toContain('Alex (2)');
    await review(one.page);
    expect(await two.page.locator('.message').count()).toBe(0);
    await one.page.goto(`${playground.url}/progress`);
    await one.page.waitForSelector('.figures');
    await two.page.goto(`${playground.url}/progress`);
    await two.page.waitForSelector('.panel:has-text("Nothing to show yet")');
    // Taking the name as it is shown does not help.
    await two.page.click('#name');
    await two.page.fill('#ask input', 'Alex');
    await two.page.press('#ask input', 'Enter');
    await two.page.waitForSelector('#name:has-text("Alex (2)")');
    await two.page.waitForSelector('.panel:has-text("Nothing to show yet")');
    // Erasing oneself there erases nobody here.
    await two.page.goto(`${playground.url}/r/apart`);
    await settled(two.page);
    await say(two.page, '/forget-me');
    await two.page.click('[data-press="1~forget-me~yes"]');
    await two.page.waitForSelector('#notice:has-text("Everything about you is deleted")');
    await one.page.reload();
    await one.page.waitForSelector('.figures');
    // No script can read who one is.
    expect(await one.page.evaluate('document.cookie')).toBe('');
    const [cookie] = await one.context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    await one.close();
    await two.close();
  });

  it('progress is still there the next day, in a new tab of the browser', async () => {
    const { page, context, close } = await open('/r/days', 'Dora');
    await review(page);
    await page.close();
    const tomorrow = await context.newPage();
    await tomorrow.goto(`${playground.url}/progress`);
    await tomorrow.waitForSelector('.figures');
    expect(await tomorrow.locator('h1').textContent()).toContain('Dora');
    await close();
  });

  it('a second device becomes the same person by a code, and every page of it knows', async () => {
    const laptop = await open('/r/link', 'Ana');
    await review(laptop.page);
    await laptop.page.goto(`${playground.url}/progress`);
    await laptop.page.click('a:has-text("Make a code")');
    await laptop.page.press('#line', 'Enter');
    await laptop.page.waitForSelector('.card h2:has-text("Your code")');
    const code = (await laptop.page.locator('.card strong').last().textContent())!;
    expect(code).toMatch(/^\w{4}-\w{4}$/);
    await laptop.page.waitForSelector('.card .countdown:has-text("10 min left")');
    await shoot(laptop.page, 'link-code');

    const phone = await open('/r/link', 'Phone', { viewport: { width: 390, height: 844 }, locale: 'zh-CN' });
    const second = await phone.context.newPage();
    await second.goto(`${playground.url}/progress`);
    await second.waitForSelector('.panel');
    await say(phone.page, `/link ${code.toLowerCase()}`);
    await phone.page.waitForSelector('.card:has-text("“Ana”（网页）")');
    await shoot(phone.page, 'link-sure');
    await phone.page.click('[data-press^="1~link~join"]');
    await phone.page.waitForSelector('#notice:has-text("同一个人")');
    await phone.page.waitForSelector('#name:has-text("Ana")');
    await shoot(phone.page, 'link-done');
    await second.reload();
    await second.waitForSelector('.figures');
    expect(await second.locator('h1').textContent()).toContain('Ana');
    await shoot(second, 'link-progress');
    // What only Ana sees, both of her devices see.
    await say(phone.page, '/privacy');
    await laptop.page.waitForSelector('.message.own:has-text("/privacy")');
    // The code was good for once.
    const eve = await open('/r/link', 'Eve');
    await say(eve.page, `/link ${code}`);
    await eve.page.waitForSelector('.note.error:has-text("No code like that is valid")');
    for (const { close } of [laptop, phone, eve]) await close();
  });

  it('what was kept under an old name is offered to the page that goes by it, once', async () => {
    const { db } = playground.services.store;
    const old = { platform: 'web', space: 'local', user_id: 'Olga' };
    await db
      .insertInto('people')
      .values({ ...old, name: 'Olga', hidden: 0 })
      .execute();
    await db
      .insertInto('score_sums')
      .values({ ...old, room: '', topic: '', period: 'all', points: 1234, correct: 1, answered: 1 })
      .execute();
    await db
      .insertInto('web_old_names')
      .values(['Olga', 'Piet'].map((name) => ({ name, claimed_by: null })))
      .execute();
    const { page, close } = await open('/r/old', 'Olga');
    await page.waitForSelector('#name:has-text("Olga (2)")');
    await page.waitForSelector('#notice:has-text("kept under the name “Olga”")');
    await shoot(page, 'old-name');
    await page.click('#notice button:has-text("Yes")');
    await expect.poll(() => nameOf(page)).toMatch(/ Olga$/);
    expect(await page.textContent('#notice')).toBe('');
    await page.goto(`${playground.url}/scores?where=all`);
    await page.waitForSelector('#board tr.mine:has-text("1234")');
    const other = await open('/r/old', 'Olga');
    await other.page.waitForSelector('#name:has-text("Olga (2)")');
    await other.page.waitForTimeout(300);
    expect(await other.page.textContent('#notice')).toBe('');
    await other.close();
    // For the other one the host makes a code.
    const password = await resetHostPassword(db);
    await page.goto(`${playground.url}/host`);
    await page.fill('#password', 'a guess');
    await page.press('#password', 'Enter');
    await page.waitForSelector('#problem:has-text("not the host")');
    await shoot(page, 'host-way-in');
    await page.fill('#password', password);
    await page.press('#password', 'Enter');
    await page.click('button:has-text("Make a code")');
    await page.waitForSelector('code:has-text("/link ")');
    await page.locator('code:has-text("/link ")').scrollIntoViewIfNeeded();
    await shoot(page, 'host-old-names');
    await close();
  });

  it('a playground with a password shows a form, lets in, and lets out', async () => {
    const locked = await startPlayground({
      folder: mkdtempSync(join(tmpdir(), 'locked-e2e-')),
      env: { CONTENT_DIR: choiceContent(), PLAYGROUND_PASSWORD: 'correct horse' },
    });
    const { page, close } = await visitors.visit(`${locked.url}/scores?where=all`);
    await page.waitForSelector('#password');
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('a guess');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#problem:has-text("That is not the password.")');
    await shoot(page, 'login');
    await page.keyboard.type('correct horse');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#board .note');
    const name = await nameOf(page);
    await page.click('#leave');
    await page.waitForSelector('#password');
    await page.fill('#password', 'correct horse');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#leave:not([hidden])');
    expect(await nameOf(page)).toBe(name);
    await close();
    await locked.close();
  });

  it('logged nothing but the passwords that were wrong', () => {
    expect(visitors.errors.filter((error) => !/status of 401/.test(error))).toEqual([]);
  });
});
