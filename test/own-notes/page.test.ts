import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOST_PASSWORD, setPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors, violations } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';
import { smallContent } from '../helpers/small-content.ts';

const PASSWORD = 'open sesame';

describe.skipIf(!chromiumPath)('notes on the page, in Chromium', { timeout: 90_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notes-page-'));
    playground = await startPlayground({ folder, env: { CONTENT_DIR: smallContent() } });
    await setPassword(playground.services.store.db, HOST_PASSWORD, PASSWORD);
    visitors = await openBrowser();
  });
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const open = async (room: string) => {
    const visitor = await visitors.visit(`${playground.url}/r/${room}`);
    await settled(visitor.page);
    return visitor;
  };
  /** A file as the browser hands it over when it is dropped or pasted. */
  const give = (page: Page, how: 'drop' | 'paste', name: string, text: string) =>
    page.evaluate(`(() => {
      const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}, { type: 'text/markdown' }));
      const init = { bubbles: true, cancelable: true };
      const [target, event] = ${JSON.stringify(how)} === 'paste'
        ? ['#line', new ClipboardEvent('paste', { ...init, clipboardData: data })]
        : ['#messages', new DragEvent('drop', { ...init, dataTransfer: data })];
      document.querySelector(target).dispatchEvent(event);
    })()`);
  const button = (page: Page, label: string) => page.locator('.card button', { hasText: label }).last();

  it('a file that is dropped is previewed; the host adds names in a field of several lines, and publishes', async () => {
    const { page, close } = await open('lab');
    await page.evaluate((password) => fetch('/api/host/login', { method: 'POST', body: JSON.stringify({ password }) }), PASSWORD);
    await give(page, 'drop', 'gru.md', '# Gated recurrent unit\n\nIt has two gates. ![gates](gates.png)\n');
    await page.waitForSelector('.card h2:has-text("Preview: gru.md (1)")');
    expect(await page.locator('.card').last().textContent()).toMatch(/gates\.png is not shown/);
    await button(page, 'Names for').click();
    await page.fill('.ask-line textarea', 'GRU\nHow many gates does a GRU have?');
    await page.click('.ask-line button');
    await expect.poll(() => page.locator('.card').last().textContent()).toMatch(/also called GRU/);
    expect(await violations(page)).toEqual([]);
    await button(page, 'Publish').click();
    await page.waitForSelector('.message :text("Published: Gated recurrent unit")');
    await say(page, 'How many gates does a GRU have?');
    await page.waitForSelector('.card:has-text("It has two gates")');
    await close();
  });

  it('what a guest pastes waits, and everybody in the room can see that it does; a zip is refused in words', async () => {
    const { page, close } = await open('guests');
    await give(page, 'paste', 'beam.md', '# Beam search\n\nKeeps the best k.\n');
    await page.waitForSelector('.card:has-text("waits for somebody who may publish it")');
    expect(await page.locator('.card button', { hasText: /^Publish$/ }).count()).toBe(0);
    await give(page, 'drop', 'notes.zip', 'PK\u0003\u0004');
    await page.waitForSelector('.card:has-text("not a text file (ZIP")');
    await give(page, 'drop', 'big.md', 'a'.repeat(5 * 2 ** 20));
    await page.waitForSelector('.card:has-text("may have 1024 kB")');
    await close();
  });

  it('Save as note keeps one’s own message; of somebody else’s they are asked', async () => {
    const [ana, ben] = [await open('talk'), await open('talk')];
    await say(ben.page, 'Office hours are on Tuesday at ten.');
    const message = ana.page.locator('.message:has-text("Office hours") .keep').first();
    await message.click();
    await ana.page.waitForSelector('.card:has-text("is asked whether the message may be kept")');
    const asked = ben.page.locator('.card button', { hasText: 'Yes, keep it' });
    await asked.click();
    await ana.page.waitForSelector('.card:has-text("agrees")');
    const [entry] = (await playground.services.ownNotes.list({ platform: 'web', space: 'local' })).filter(({ kind }) => kind === 'answer');
    const version = await playground.services.ownNotes.get({ platform: 'web', space: 'local' }, entry!);
    expect(version).toMatchObject({ waits: false, said: { url: `${playground.url}/r/talk` } });
    expect(visitors.errors).toEqual([]);
    await ana.close();
    await ben.close();
  });
});
