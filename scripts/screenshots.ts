// Takes the screenshots of docs/screenshots from a running program of its own: `npm run screenshots`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { resetHostPassword } from '../src/store/secrets.ts';
import { choiceContent } from '../test/helpers/choice-content.ts';
import { findChromium, launchChromium } from '../test/helpers/chromium.ts';
import { startPlayground } from '../test/helpers/playground.ts';

const OUT = join(import.meta.dirname, '..', 'docs', 'screenshots');
const DESKTOP = { width: 1280, height: 860 };
const PHONE = { width: 390, height: 844 };
type Look = { name: string; viewport: typeof DESKTOP; colorScheme: 'light' | 'dark'; locale: 'en-GB' | 'zh-CN' };

/** Each view once or twice, so that both languages, both themes and both sizes are seen; not every combination. */
const LOOKS = {
  desktopEn: { name: 'desktop-light-en', viewport: DESKTOP, colorScheme: 'light', locale: 'en-GB' },
  desktopZh: { name: 'desktop-dark-zh', viewport: DESKTOP, colorScheme: 'dark', locale: 'zh-CN' },
  phoneZh: { name: 'phone-light-zh', viewport: PHONE, colorScheme: 'light', locale: 'zh-CN' },
  phoneEn: { name: 'phone-dark-en', viewport: PHONE, colorScheme: 'dark', locale: 'en-GB' },
} satisfies Record<string, Look>;

const executablePath = findChromium();
if (!executablePath) {
  process.stderr.write('No Chromium on this machine. Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium.\n');
  process.exit(1);
}

const playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'shots-')), env: { CONTENT_DIR: choiceContent() } });
const browser = await launchChromium(executablePath);
rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

async function open({ viewport, colorScheme, locale }: Look, path: string, name: string): Promise<Page> {
  const context = await browser.newContext({ viewport, colorScheme, locale, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.addInitScript(`sessionStorage.getItem('name') ?? sessionStorage.setItem('name', ${JSON.stringify(name)})`);
  await page.goto(playground.url + path);
  return page;
}

async function say(page: Page, text: string, expected: string): Promise<void> {
  await page.fill('#line', text);
  await page.press('#line', 'Enter');
  await page.waitForSelector(expected, { timeout: 30_000 });
}

async function shoot(page: Page, look: Look, part: string): Promise<void> {
  // Charts have come and nothing is being laid out any more.
  await page.waitForFunction(() =>
    (globalThis as unknown as { document: { fonts: { ready: Promise<void> } } }).document.fonts.ready.then(() => true),
  );
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(OUT, `${look.name}-${part}.png`) });
}

/** What one reader sees in the chat. */
async function chat(look: Look, name: string, topic: string): Promise<void> {
  const page = await open(look, `/r/${look.locale === 'zh-CN' ? '学习小组' : 'study-group'}-${look.viewport.width}`, name);
  await page.waitForSelector('#empty:not([hidden])');
  await shoot(page, look, 'welcome');
  await say(page, `/explain ${topic}`, '.card h2');
  const maths = page.locator('.card .actions button', { hasText: /maths|数学/ });
  if ((await maths.count()) > 0) await maths.first().click();
  await page.waitForSelector('.card .katex');
  await shoot(page, look, 'note');
  await say(page, '/demo gradient-norms seed:7', 'figure img');
  await shoot(page, look, 'experiment');
  await page.context().close();
}

/** A quiz with three players: the question, and the result. */
async function quiz(look: Look, names: [string, string, string]): Promise<void> {
  const pages: Page[] = [];
  for (const name of names) pages.push(await open(look, `/r/quiz-${look.name}`, name));
  const [host] = pages as [Page, Page, Page];
  for (const page of pages) await page.waitForSelector('#empty:not([hidden]), .message');
  await say(host, '/quiz start topic:batch-size questions:2 lobby:0 seconds:60', '[data-press*="~pick~"]');
  for (const page of pages.slice(1)) await page.click('[data-press*="~join~"]');
  for (let question = 0; question < 2; question++) {
    for (const [i, page] of pages.entries()) {
      const picks = page.locator('[data-press*="~pick~"]');
      await picks.first().waitFor();
      await picks.nth((i + question) % (await picks.count())).click();
      if (question === 0 && i === 0) {
        await page.waitForSelector('.answer:not(:empty)');
        await shoot(page, look, 'quiz');
      }
    }
    await host.waitForSelector(`[data-press*="~next~"] >> nth=0`);
    if (question === 0) await shoot(host, look, 'answer');
    await host.locator('[data-press*="~next~"]').last().click();
  }
  await host.waitForSelector('[data-press*="~again~"]');
  await shoot(host, look, 'result');
  await host.goto(`${playground.url}/scores?where=all`);
  await host.waitForSelector('#board table');
  if (look.viewport === PHONE) await shoot(host, look, 'scores');
  await host.goto(`${playground.url}/progress`);
  await host.waitForSelector('.panel');
  await shoot(host, look, 'progress');
  for (const page of pages) await page.context().close();
}

try {
  const { desktopEn, desktopZh, phoneZh, phoneEn } = LOOKS;
  await chat(desktopEn, 'Alice', 'batchnorm');
  await chat(phoneZh, '小林', '梯度消失');
  await quiz(desktopZh, ['小林', 'Alice', '阿明']);
  await quiz(phoneEn, ['Alice', 'Bob', '小林']);
  const palette = await open(phoneEn, '/r/palette', 'Alice');
  await palette.waitForSelector('#empty:not([hidden])');
  await palette.fill('#line', '/demo gradient-norms ');
  await palette.waitForSelector('#palette:not([hidden])');
  await palette.press('#line', 'ArrowDown');
  await shoot(palette, phoneEn, 'palette');
  const dialog = await open(desktopZh, '/lab/gradient-descent?seed=3', '小林');
  await dialog.click('#results figure .zoom');
  await dialog.waitForSelector('#chart table');
  await dialog.locator('#chart section').first().scrollIntoViewIfNeeded();
  await shoot(dialog, desktopZh, 'numbers');
  const lab = await open(desktopEn, '/lab/gradient-norms?seed=7', 'Alice');
  await lab.waitForSelector('#results figure img');
  await lab.click('#results .title button');
  await lab.click('#vary button >> nth=0');
  await lab.waitForSelector('#results.two');
  await shoot(lab, desktopEn, 'lab');
  const small = await open(phoneZh, '/lab/saturation?seed=7', '小林');
  await small.waitForSelector('#results figure img');
  await shoot(small, phoneZh, 'lab');
  const host = await open(desktopEn, '/host', 'Alice');
  await host.fill('#password', await resetHostPassword(playground.services.store.db));
  await host.press('#password', 'Enter');
  await host.waitForSelector('#items .panel');
  await shoot(host, desktopEn, 'host');
} finally {
  await browser.close();
  await playground.close();
}
process.stdout.write(`Wrote ${OUT}\n`);
