import { mkdtempSync } from 'node:fs';
import { findChromium, launchChromium } from './test/helpers/chromium.ts';
import { startPlayground } from './test/helpers/playground.ts';
const playground = await startPlayground({ folder: mkdtempSync('/tmp/webtmp/look-') });
const browser = await launchChromium(findChromium()!);
const O = '/tmp/webtmp/';
try {
  const open = async (path: string, o: object = {}) => {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 860 }, ...o });
    const page = await context.newPage();
    page.on('pageerror', (e) => console.log('PAGEERROR', String(e)));
    page.on('console', (m) => m.type() === 'error' && console.log('CONSOLE', m.text()));
    await page.goto(playground.url + path);
    return page;
  };
  const say = async (page: any, text: string, sel: string) => { await page.fill('#line', text); await page.press('#line', 'Escape'); await page.press('#line', 'Enter'); await page.waitForSelector(sel, { timeout: 20000 }); await page.waitForTimeout(500); };
  const which = process.argv[2] ?? 'chat';
  if (which === 'chat') {
    const page = await open('/r/study');
    await page.waitForSelector('#empty:not([hidden])');
    await page.screenshot({ path: O + 'c1.png' });
    await say(page, '/explain batchnorm', '.card h2');
    await page.screenshot({ path: O + 'c2.png' });
    await say(page, '/demo gradient-norms seed:7', 'figure img');
    await page.screenshot({ path: O + 'c3.png' });
    await page.click('figure .zoom'); await page.waitForTimeout(600);
    await page.screenshot({ path: O + 'c4.png' });
    await page.keyboard.press('Escape');
    await page.fill('#line', '/demo gradient-norms '); await page.waitForSelector('#palette:not([hidden])');
    await page.screenshot({ path: O + 'c5.png' });
    await page.fill('#line', '');
    await say(page, '/quiz start questions:2 lobby:0 seconds:60 topic:batch-size', '[data-press*="~pick~"]');
    await page.locator('[data-press*="~pick~"]').first().click();
    await page.waitForSelector('.answer:not(:empty)'); await page.waitForTimeout(1500);
    await page.screenshot({ path: O + 'c6.png' });
    await say(page, '/quiz stop', '.podium');
    await page.screenshot({ path: O + 'c7.png' });
  }
  if (which === 'lab') {
    const page = await open('/lab');
    await page.waitForSelector('#run');
    await page.screenshot({ path: O + 'l1.png' });
    await page.click('#run'); await page.waitForSelector('#results figure img'); await page.waitForTimeout(600);
    await page.screenshot({ path: O + 'l2.png' });
    await page.click('#results .title button');
    await page.click('#vary button >> nth=0'); await page.waitForSelector('#results.two'); await page.waitForTimeout(600);
    await page.screenshot({ path: O + 'l3.png', fullPage: false });
    const p2 = await open('/lab/gradient-descent?seed=3', { locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 844 } });
    await p2.waitForSelector('#results figure img'); await p2.waitForTimeout(600);
    await p2.screenshot({ path: O + 'l4.png', fullPage: false });
    await p2.locator('#results figure').scrollIntoViewIfNeeded(); await p2.waitForTimeout(300);
    await p2.screenshot({ path: O + 'l5.png', fullPage: false });
  }
  if (which === 'views') {
    const chat = await open('/r/main');
    await say(chat, '/quiz start questions:2 lobby:0 seconds:60 topic:batch-size', '[data-press*="~pick~"]');
    await chat.locator('[data-press*="~pick~"]').first().click(); await chat.waitForSelector('.answer:not(:empty)');
    await say(chat, '/quiz stop', '.podium');
    await chat.goto(playground.url + '/scores'); await chat.waitForSelector('#board table, #board .note'); await chat.waitForTimeout(300);
    await chat.screenshot({ path: O + 'v1.png' });
    await chat.goto(playground.url + '/host'); await chat.waitForSelector('#figures'); await chat.waitForTimeout(300);
    await chat.screenshot({ path: O + 'v2.png' });
  }
} finally { await browser.close(); await playground.close(); }
