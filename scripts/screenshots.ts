// Takes the screenshots of docs/screenshots from a running program of its own: `npm run screenshots`.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium } from '../test/helpers/chromium.ts';
import { startPlayground } from '../test/helpers/playground.ts';

const OUT = join(import.meta.dirname, '..', 'docs', 'screenshots');

const executablePath = findChromium();
if (!executablePath) {
  process.stderr.write('No Chromium on this machine. Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium.\n');
  process.exit(1);
}

async function say(page: Page, text: string, expected: string): Promise<void> {
  await page.fill('#line', text);
  await page.press('#line', 'Enter');
  await page.waitForSelector(expected, { timeout: 30_000 });
  await page.waitForTimeout(400);
}

const playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'shots-')) });
const browser = await launchChromium(executablePath);
mkdirSync(OUT, { recursive: true });
try {
  const views = [
    {
      name: 'desktop-light-en',
      width: 1280,
      height: 900,
      colorScheme: 'light',
      locale: 'en-GB',
      topic: 'batchnorm',
      question: 'why is a deep sigmoid network slow?',
    },
    {
      name: 'desktop-dark-zh',
      width: 1280,
      height: 900,
      colorScheme: 'dark',
      locale: 'zh-CN',
      topic: '批归一化',
      question: '为什么深层网络最前面的几层几乎学不动？',
    },
    {
      name: 'phone-light-zh',
      width: 390,
      height: 844,
      colorScheme: 'light',
      locale: 'zh-CN',
      topic: '梯度消失',
      question: '没有激活函数会怎样？',
    },
    {
      name: 'phone-dark-en',
      width: 390,
      height: 844,
      colorScheme: 'dark',
      locale: 'en-GB',
      topic: 'vanishing gradients',
      question: 'what is saturation?',
    },
  ] as const;
  for (const { name, width, height, colorScheme, locale, topic, question } of views) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale });
    const page = await context.newPage();
    const shot = (part: string) => page.screenshot({ path: join(OUT, `${name}-${part}.png`) });
    await page.goto(`${playground.url}/r/${name}`);
    await page.waitForSelector('#empty:not([hidden])');
    await shot('1-welcome');
    await say(page, `/explain ${topic}`, '.card h2');
    await page.locator('#messages').evaluate((list) => list.scrollTo({ top: 0, behavior: 'instant' }));
    await shot('2-explain');
    await say(page, '/demo gradient-norms seed:7', 'figure img');
    await page.waitForSelector('.card table');
    await page.locator('figure').last().scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await shot('3-demo');
    await page.fill('#line', '/demo gradient-norms ');
    await page.waitForSelector('#palette:not([hidden])');
    await shot('4-palette');
    await page.press('#line', 'Escape');
    await say(page, question, '.message:last-child .card');
    await say(page, '/quiz start questions:2 lobby:0 seconds:60', '[data-press*="~pick~"]');
    await page.locator('[data-press*="~pick~"]').first().click();
    await page.waitForSelector('.answer:not(:empty)');
    await page.waitForTimeout(1500);
    await shot('5-quiz');
    await say(page, '/quiz skip', '[data-press*="~next~"]');
    await page.waitForTimeout(800);
    await shot('6-reveal');
    await context.close();
  }
} finally {
  await browser.close();
  await playground.close();
}
process.stdout.write(`Wrote ${OUT}\n`);
