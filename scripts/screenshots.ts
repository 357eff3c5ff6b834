// `npm run screenshots`: those of the README. `npm run screenshots -- --all DIR`: every view in light and dark, on a
// desktop and a phone, in English and Chinese, to be looked at; `--only PART` takes one part of them. From a running
// program of its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { resetHostPassword } from '../src/store/secrets.ts';
import { choiceContent } from '../test/helpers/choice-content.ts';
import { findChromium, launchChromium } from '../test/helpers/chromium.ts';
import { startPlayground } from '../test/helpers/playground.ts';

const README = join(import.meta.dirname, '..', 'docs', 'screenshots');
/** What the README shows. */
const SHOWN = ['desktop-light-en-lab', 'desktop-dark-zh-quiz'];
const SIZES = { desktop: { width: 1280, height: 860 }, phone: { width: 390, height: 844 } };
const LOCALES = { en: 'en-GB', zh: 'zh-CN' };

interface Look {
  name: string;
  size: keyof typeof SIZES;
  theme: 'light' | 'dark';
  language: keyof typeof LOCALES;
}

const { all, only } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string' } } }).values;
const executablePath = findChromium();
if (!executablePath) {
  process.stderr.write('No Chromium on this machine. Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium.\n');
  process.exit(1);
}
const out = all ?? README;
if (!all) rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const folder = mkdtempSync(join(tmpdir(), 'shots-'));
const content = choiceContent();
// A question about a chart.
mkdirSync(join(content, 'decks'), { recursive: true });
writeFileSync(
  join(content, 'decks/shown.yaml'),
  `title: { en: A chart, zh: 一张图 }
questions:
  - id: shown.read
    kind: chart
    demo: gradient-descent
    params: { curvature: 10, rates: [0.05, 0.202] }
    measure: "contraction:0.202"
    tolerance: 0.05
    prompt: { en: By which factor does the distance grow in a step at rate 0.202?, zh: 学习率为 0.202 时，每一步距离变为原来的多少倍？ }
    explanation: { en: 'Each step multiplies it by $|1 - 10 \\eta|$.', zh: '每一步乘以 $|1 - 10 \\eta|$。' }
`,
);
const playground = await startPlayground({ folder, env: { CONTENT_DIR: content } });
const password = await resetHostPassword(playground.services.store.db);
const browser = await launchChromium(executablePath);

async function open({ size, theme, language }: Look, path: string, name: string, viewport = SIZES[size]): Promise<Page> {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    locale: LOCALES[language],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.addInitScript(`sessionStorage.getItem('name') ?? sessionStorage.setItem('name', ${JSON.stringify(name)})`);
  await page.goto(playground.url + path);
  return page;
}

const wanted = ({ name }: Look, part: string) => all !== undefined || SHOWN.includes(`${name}-${part}`);

async function shoot(page: Page, look: Look, part: string): Promise<void> {
  if (!wanted(look, part)) return;
  // Charts have come and nothing is being laid out any more.
  await page.waitForFunction(() =>
    (globalThis as unknown as { document: { fonts: { ready: Promise<void> } } }).document.fonts.ready.then(() => true),
  );
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(out, `${look.name}-${part}.png`) });
}

async function say(page: Page, text: string, expected: string): Promise<void> {
  await page.fill('#line', text);
  await page.press('#line', 'Enter');
  await page.waitForSelector(expected, { timeout: 60_000 });
}

/** A view that is only looked at. */
const still = (path: string, ready: string) => async (look: Look, part: string) => {
  const page = await open(look, path, nameOf(look));
  await page.waitForSelector(ready, { timeout: 60_000 });
  await shoot(page, look, part);
  await page.context().close();
};
const nameOf = ({ language }: Look) => (language === 'zh' ? '小林' : 'Alice');

async function chat(look: Look): Promise<void> {
  const page = await open(look, `/r/${look.language === 'zh' ? '学习小组' : 'study-group'}-${look.name}`, nameOf(look));
  await page.waitForSelector('#empty:not([hidden])');
  await shoot(page, look, 'welcome');
  await say(page, `/explain ${look.language === 'zh' ? '梯度消失' : 'batchnorm'}`, '.card h2');
  const maths = page.locator('.card .actions button', { hasText: /maths|数学/ });
  if ((await maths.count()) > 0) await maths.first().click();
  await page.waitForSelector('.card .katex');
  await shoot(page, look, 'note');
  await say(page, '/demo gradient-norms seed:7', 'figure');
  await page.waitForSelector('.working', { state: 'detached' });
  await shoot(page, look, 'experiment');
  await page.fill('#line', '/demo gradient-norms ');
  await page.waitForSelector('#palette:not([hidden])');
  await page.press('#line', 'ArrowDown');
  await shoot(page, look, 'palette');
  await page.fill('#line', '');
  await say(page, '/nonsense', '.unsent.failed');
  await shoot(page, look, 'refused');
  await page.context().close();
}

/** A quiz with three players and a wall: the way in, the question, the answer, the result, and what came of it. */
async function quiz(look: Look): Promise<void> {
  const pages: Page[] = [];
  for (const name of [nameOf(look), 'Bob', '阿明']) pages.push(await open(look, `/r/quiz-${look.name}`, name));
  const host = pages[0]!;
  for (const page of pages) await page.waitForSelector('#empty:not([hidden]), .message');
  await say(host, '/quiz start topic:batch-size questions:2 lobby:600 seconds:120', '.invite .qr');
  for (const page of pages.slice(1)) await page.click('[data-press*="~join~"]');
  await shoot(host, look, 'lobby');
  const code = (await host.textContent('.invite p.code'))!;
  const wall = await open(look, `/present/${code}`, nameOf(look));
  await wall.waitForSelector('.stage .qr');
  await shoot(wall, look, 'wall-lobby');
  const joining = await open(look, `/join/${code}`, 'Noor');
  await joining.waitForSelector('#own-name');
  await shoot(joining, look, 'join');
  await joining.context().close();
  await host.click('[data-press*="~begin~"]');
  for (let question = 0; question < 2; question++) {
    await wall.waitForSelector(`.stage[data-board="q${question}"]`);
    if (question === 0) await shoot(wall, look, 'wall-question');
    for (const [i, page] of pages.entries()) {
      const picks = page.locator('[data-press*="~pick~"]');
      await picks.first().waitFor();
      if (question === 0 && i === 2) {
        await say(host, '/topics', '.message:has-text("/topics") ~ .message');
        await shoot(host, look, 'pinned');
      }
      await picks.nth((i + question) % (await picks.count())).click();
      if (question === 0 && i === 0) {
        await page.waitForSelector('.answer:not(:empty)');
        await shoot(page, look, 'quiz');
      }
    }
    await host.waitForSelector('[data-press*="~next~"] >> nth=0', { timeout: 60_000 });
    if (question === 0) {
      await shoot(host, look, 'answer');
      await wall.waitForSelector('.stage[data-board="r0"]');
      await shoot(wall, look, 'wall-answer');
      await pages[1]!.waitForSelector('.verdict');
      await shoot(pages[1]!, look, 'verdict');
    }
    await host.locator('[data-press*="~next~"]').last().click();
  }
  await host.waitForSelector('[data-press*="~again~"]');
  await shoot(host, look, 'result');
  await wall.waitForSelector('.stage[data-board="podium"]');
  await shoot(wall, look, 'wall-podium');
  await wall.context().close();
  await host.goto(`${playground.url}/scores?where=all`);
  await host.waitForSelector('#board table');
  await shoot(host, look, 'scores');
  await host.goto(`${playground.url}/progress`);
  await host.waitForSelector('.panel');
  await shoot(host, look, 'progress');
  for (const page of pages) await page.context().close();
}

/** A question about a chart, on the wall and in the chat. */
async function chartQuestion(look: Look): Promise<void> {
  const host = await open(look, `/r/chart-${look.name}`, nameOf(look));
  await host.waitForSelector('#empty:not([hidden])');
  await say(host, '/quiz start topic:shown lobby:600 seconds:120', '.invite .qr');
  const wall = await open(look, `/present/${await host.textContent('.invite p.code')}`, nameOf(look));
  await host.click('[data-press*="~begin~"]');
  await wall.waitForSelector('.stage figure.drawn canvas', { timeout: 60_000 });
  await shoot(wall, look, 'wall-chart');
  await host.waitForSelector('.pinned figure.drawn canvas');
  await shoot(host, look, 'chart-question');
  await host.click('.pinned [data-press*="~skip~"]');
  await wall.waitForSelector('.stage[data-board="r0"]');
  await shoot(wall, look, 'wall-chart-answer');
  for (const page of [host, wall]) await page.context().close();
}

async function lab(look: Look): Promise<void> {
  const page = await open(look, '/lab/gradient-norms?seed=7', nameOf(look));
  await page.waitForSelector('#results figure', { timeout: 60_000 });
  await shoot(page, look, 'lab-one');
  await page.click('#full');
  await page.waitForFunction('document.fullscreenElement');
  await shoot(page, look, 'lab-full-screen');
  await page.evaluate('document.exitFullscreen()');
  await page.click('#results .title button');
  await page.click('#vary button >> nth=0');
  await page.waitForSelector('#results.two', { timeout: 60_000 });
  await shoot(page, look, 'lab');
  await page.goto(`${playground.url}/lab/gradient-descent?steps=40&seed=5&sweep=steps,20,40,2`);
  await page.waitForSelector('#results[aria-busy="false"] .where');
  await page.locator('#sweep').scrollIntoViewIfNeeded();
  await shoot(page, look, 'lab-sweep');
  await page.fill('#p-steps', '9000');
  await page.waitForSelector('#problem');
  await page.locator('#results').scrollIntoViewIfNeeded();
  await shoot(page, look, 'lab-problem');
  await page.goto(`${playground.url}/lab/gradient-descent?steps=40&seed=5&embed`);
  await page.waitForSelector('#results[aria-busy="false"] .where');
  await shoot(page, look, 'lab-embed');
  await page.context().close();
}

async function host(look: Look): Promise<void> {
  const page = await open(look, '/host', nameOf(look));
  await page.waitForSelector('#way-in');
  await shoot(page, look, 'host-way-in');
  await page.fill('#password', password);
  await page.press('#password', 'Enter');
  await page.waitForSelector('#items .panel');
  await shoot(page, look, 'host');
  await page.context().close();
}

/** A window of 1280 pixels at 400 %. */
async function zoom(look: Look): Promise<void> {
  for (const [part, path, ready] of [
    ['zoom-chat', `/r/study-group-${look.name}`, '#line'],
    ['zoom-lab', '/lab/gradient-norms?seed=7', '#results[aria-busy="false"] .where'],
    ['zoom-topic', '/notes/batch-normalization', 'article footer'],
    ['zoom-notes', '/notes', '.panel ul a'],
  ] as const) {
    const page = await open(look, path, nameOf(look), { width: 320, height: 256 });
    await page.waitForSelector(ready, { timeout: 60_000 });
    await shoot(page, look, part);
    await page.context().close();
  }
}

/** On paper, whatever the theme. */
async function paper(look: Look): Promise<void> {
  for (const [part, path, ready] of [
    ['paper-topic', '/notes/batch-normalization', 'article footer'],
    ['paper-lab', '/lab/gradient-norms?seed=7', '#results[aria-busy="false"] .where'],
  ] as const) {
    const page = await open(look, path, nameOf(look), { width: 794, height: 1123 });
    await page.waitForSelector(ready, { timeout: 60_000 });
    await page.emulateMedia({ media: 'print' });
    await shoot(page, look, part);
    await page.context().close();
  }
}

const PARTS: Record<string, (look: Look, part: string) => Promise<void>> = {
  quiz,
  'chart-question': chartQuestion,
  lab,
  chat,
  host,
  zoom,
  paper,
  'notes-index': still('/notes', '.panel ul a'),
  'notes-topic': still('/notes/batch-normalization', 'article footer'),
  'no-topic': still('/notes/nothing-of-the-kind', '.note.error'),
};

try {
  for (const size of ['desktop', 'phone'] as const)
    for (const theme of ['light', 'dark'] as const)
      for (const language of ['en', 'zh'] as const) {
        const look = { name: `${size}-${theme}-${language}`, size, theme, language };
        for (const [part, take] of Object.entries(PARTS)) {
          const asked = all ? only === undefined || only === part : SHOWN.includes(`${look.name}-${part}`);
          if (asked) await take(look, part);
        }
      }
} finally {
  await browser.close();
  await playground.close();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`Wrote ${out}\n`);
