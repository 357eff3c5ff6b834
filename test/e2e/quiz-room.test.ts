import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { say as reply } from '../../src/core/reply.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors, violations } from '../helpers/browser.ts';
import { gameContent } from '../helpers/game.ts';
import { startPlayground } from '../helpers/playground.ts';

const PHONE = { viewport: { width: 390, height: 700 }, isMobile: true, hasTouch: true };
const WALL = { viewport: { width: 1280, height: 720 } };

/** Five choices of several lines below a question of many, as teachers write them. */
const LONG = `某小组把批量从 256 提高到 8192，其余超参数一概不动。${'训练损失下降得明显更慢，验证准确率也低了将近两个百分点；'.repeat(6)}哪一种做法合适？`;

/** A deck of what is hard to show on a wall, beside the small ones. */
function content(): string {
  const folder = gameContent();
  const both = (text: string) => ({ en: text, zh: text });
  const base = (id: string, prompt: string) => ({
    id: `wall.${id}`,
    prompt: both(prompt),
    explanation: both('Because $\\eta^2\\sigma^2/B$.'),
  });
  const items = ['forward pass', 'loss of the batch', 'back-propagation', 'step of the optimiser'].map(both);
  const choices = Array.from({ length: 5 }, (_, i) => ({
    text: both(`${i}：把学习率乘以 $\\sqrt{32}$，并在最初五轮里做线性预热，其余一概不动，也不改变学习率的衰减方式`),
    ...(i === 0 && { correct: true }),
  }));
  const questions = [
    { kind: 'single', choices, ...base('long', LONG) },
    { kind: 'ordering', items, ...base('order', 'Put them into order.') },
    { kind: 'numeric', answer: 0.25, tolerance: 0.01, ...base('number', 'Which rate?') },
    {
      ...{ kind: 'chart', demo: 'gradient-descent', params: { curvature: 10, rates: [0.05, 0.202] } },
      ...{ measure: 'contraction:0.202', tolerance: 0.05, ...base('read', 'By which factor?') },
    },
  ];
  writeFileSync(join(folder, 'decks/wall.yaml'), stringify({ title: both('wall'), questions }));
  return folder;
}

describe.skipIf(!chromiumPath)('a quiz for a room in Chromium', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'room-')), env: { CONTENT_DIR: content() } });
    visitors = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  const inBoth = async (page: Page) => {
    const found: string[] = [];
    for (const theme of ['light', 'dark']) {
      await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      // What still fades in has the contrast of no moment that lasts; what never ends is not waited for.
      await page.evaluate(
        `Promise.all(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 5000).map((one) => one.finished.catch(() => {})))`,
      );
      found.push(...(await violations(page)).map((one) => `${theme}: ${one}`));
    }
    return found;
  };
  /** Where a part stands within the list that scrolls: whether it can be seen. */
  const isSeen = (page: Page, selector: string) =>
    page.evaluate(`(() => {
      const [box, list] = ['${selector}', '#scroller'].map((one) => document.querySelector(one).getBoundingClientRect());
      return box.top >= list.top - 1 && box.bottom <= list.bottom + 1;
    })()`);

  const talk = (room: string, from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, i) =>
        playground.services.outbox.post(
          { platform: 'web', space: 'local', room },
          reply([{ type: 'note', text: `line ${from + i}` }]),
          `talk:${from + i}`,
        ),
      ),
    );

  it('is joined by its code, shown on the wall, answered on a phone, and told to each in their place', async () => {
    const { page: host } = await visitors.visit(`${playground.url}/r/hall`);
    await settled(host);
    await say(host, '/quiz start topic:pair lobby:600 seconds:600');
    await host.waitForSelector('.invite .qr');
    const code = (await host.textContent('.invite p.code'))!;
    expect(await host.getAttribute('.invite .qr', 'aria-label')).toBe(`QR code of ${playground.url}/join/${code}`);

    const { page: wall } = await visitors.visit(`${playground.url}/present/${code}`, WALL);
    await wall.waitForSelector('.stage .qr');
    const { page: phone } = await visitors.visit(`${playground.url}/join`, PHONE);
    await phone.fill('#code', 'aaa aaa');
    await phone.press('#code', 'Enter');
    await phone.waitForSelector('[role=alert]:has-text("No quiz runs under this code")');
    expect(await inBoth(phone)).toEqual([]);
    await phone.fill('#code', ` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
    await phone.press('#code', 'Enter');
    await phone.fill('#own-name', 'Mira');
    await phone.press('#own-name', 'Enter');
    await phone.waitForURL('**/r/hall');
    // Somebody comes in after the address of the QR code.
    const { page: late } = await visitors.visit(`${playground.url}/join/${code}`, PHONE);
    await late.fill('#own-name', 'Noor');
    await late.press('#own-name', 'Enter');
    await wall.waitForSelector('.players:has-text("Mira, Noor")');
    expect([await inBoth(wall), await inBoth(phone), await inBoth(host)].flat()).toEqual([]);

    // Who does not lead it is offered no such buttons; nobody is on the wall.
    expect(await phone.locator('[data-press*="~begin~"]').count()).toBe(0);
    expect(await wall.locator('[data-press], header').count()).toBe(0);
    await host.click('[data-press*="~begin~"]');
    await wall.waitForSelector('.stage[data-board="q0"]');
    const size = await wall.evaluate(`parseFloat(getComputedStyle(document.querySelector('.prompt')).fontSize)`);
    expect(size).toBeGreaterThanOrEqual(0.04 * WALL.viewport.width);
    expect(await inBoth(wall)).toEqual([]);

    // The question stays in sight, at either end, whatever else is said.
    await phone.waitForSelector('.pinned [data-press*="~pick~"]');
    for (let i = 0; i < 12; i++) await say(host, `/help`);
    await say(phone, '/topics');
    await phone.waitForSelector('.message.own:has-text("/topics") ~ .message');
    expect(await isSeen(phone, '.pinned')).toBe(true);
    await phone.evaluate(`document.querySelector('#scroller').scrollTop = 0`);
    expect(await isSeen(phone, '.pinned')).toBe(true);
    expect(await inBoth(phone)).toEqual([]);

    const isRight = ':is(:has-text("yes"), :has-text("green"))';
    await phone.click(`.pinned [data-press*="~pick~"]${isRight}`);
    await late.click(`.pinned [data-press*="~pick~"]:not(${isRight})`);
    await wall.waitForSelector('.counted:has-text("2 of 2 answered")');
    // Nothing on the wall tells who said what, or what is right, before the answer does.
    expect(await wall.textContent('.stage')).not.toMatch(/Mira|Noor|Because/);
    expect(await wall.locator('.choices .right').count()).toBe(0);
    await phone.waitForSelector('.verdict.right:has-text("Place 1 of 2")', { timeout: 20_000 });
    await late.waitForSelector('.verdict.wrong:has-text("Place 2 of 2")');
    await wall.waitForSelector('.stage[data-board="r0"]');
    expect(await wall.locator('.choices .right .votes').textContent()).toBe('1');
    // Who answered with a key or finger goes on at the answer.
    expect(await phone.evaluate(`document.activeElement.dataset.id.replace(/^.*:/, '')`)).toBe('r0');
    // What is read out are words.
    expect(await phone.textContent('#announcer')).not.toMatch(/[*<>]/);
    expect([await inBoth(wall), await inBoth(phone)].flat()).toEqual([]);

    await host.click('[data-press*="~next~"]');
    await wall.waitForSelector('.stage[data-board="q1"]');
    // A wall that was away comes back to where the quiz is.
    await wall.reload();
    await wall.waitForSelector('.stage[data-board="q1"]');
    await say(phone, '/quiz stop');
    await phone.waitForSelector('.note.error:has-text("Only the person who started this quiz")');
    await say(host, '/quiz stop');
    await host.click('[data-press*="~end~"]');
    await wall.waitForSelector('.stage[data-board="podium"] .podium:has-text("Mira")');
    expect(await inBoth(wall)).toEqual([]);
    // Its code leads nobody into it any more, but the result is still there.
    await wall.reload();
    await wall.waitForSelector('.stage[data-board="podium"]');
    expect(visitors.errors.filter((error) => !error.includes('404'))).toEqual([]);
  });

  it('keeps its open question, answerable, however much is said after it, on phone and wall, also after a reload', async () => {
    const { page: host } = await visitors.visit(`${playground.url}/r/busy`);
    await settled(host);
    await say(host, '/quiz start topic:single lobby:0 seconds:600');
    await host.waitForSelector('.pinned [data-press*="~pick~"]');
    // More than the server keeps of a room, while nobody looks.
    await host.goto('about:blank');
    await talk('busy', 0, 520);
    await host.goto(`${playground.url}/r/busy`);
    await host.waitForSelector('[data-id="talk:519"]');
    expect(await isSeen(host, '.pinned')).toBe(true);
    const { page: phone } = await visitors.visit(`${playground.url}/r/busy`, PHONE);
    await phone.waitForSelector('[data-id="talk:519"]');
    expect(await phone.locator('.message').count()).toBe(101);
    expect(await isSeen(phone, '.pinned')).toBe(true);
    await phone.click('.pinned [data-press*="~pick~"] >> nth=1');
    await phone.waitForSelector('.answer:has-text("Recorded: B")');
    await phone.reload();
    await phone.waitForSelector('.pinned [aria-pressed="true"]:has-text("B")');
    // Stepping back goes on from the newest hundred, without a gap, and shows the question once.
    for (const first of [320, 220]) {
      await phone.click('#earlier');
      await phone.waitForSelector(`[data-id="talk:${first}"]`, { state: 'attached' });
    }
    const lines = (await phone
      .locator('.message:has-text("line ")')
      .evaluateAll((all) => all.map(({ dataset }) => dataset.id))) as string[];
    expect(lines).toEqual(Array.from({ length: lines.length }, (_, i) => `talk:${520 - lines.length + i}`));
    expect(await phone.locator('.pinned').count()).toBe(1);

    const { code } = (await (await fetch(`${playground.url}/api/rooms/busy/quiz`)).json()) as { code: string };
    const { page: wall } = await visitors.visit(`${playground.url}/present/${code}`, WALL);
    await wall.waitForSelector('.stage[data-board="q0"] .prompt:has-text("Prompt of single")');
    await host.click('.pinned [data-press*="~skip~"]');
    await host.waitForSelector('h2:has-text("Answer to question 1")');
    await host.goto('about:blank');
    await phone.goto('about:blank');
    await talk('busy', 520, 640);
    await wall.reload();
    // The answer, with its question, though both stand far back.
    await wall.waitForSelector('.stage[data-board="r0"] .prompt:has-text("Prompt of single")');
  });

  it('shows every kind of question on the wall, within the screen and readable, and tells what is right', async () => {
    const { page: host } = await visitors.visit(`${playground.url}/r/wall`);
    await settled(host);
    await say(host, '/quiz start topic:wall questions:4 lobby:600 seconds:600');
    await host.waitForSelector('.invite .qr');
    const { services, dispatch } = playground;
    const here = { platform: 'web', space: 'local', room: 'wall', locale: 'en', options: {}, receivedAt: Date.now() } as const;
    const { id } = services.quiz.inRoom(here)!.stored;
    for (let i = 0; i < 34; i++)
      await dispatch({ ...here, id: `in${i}`, user: { id: `p${i}`, name: `欧阳修远同学 Bartholomew ${i}` }, action: `1~quiz~join~${id}` });
    const { page: wall } = await visitors.visit(`${playground.url}/present/${await host.textContent('.invite p.code')}`, WALL);
    await wall.waitForSelector('.players:has-text("and 22 more")');
    /** Height of what does not fit, and of the smallest letters. */
    const measured = () =>
      wall.evaluate(`(() => {
        const stage = document.querySelector('.stage');
        const texts = [...stage.querySelectorAll('.prompt, .choices li, .why, .answer-is, .note, .counted')].filter((one) => one.offsetHeight > 0);
        return { over: stage.scrollHeight - stage.clientHeight, smallest: Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize))) };
      })()`) as Promise<{ over: number; smallest: number }>;
    const fits = () => expect.poll(async () => (await measured()).over, { timeout: 5_000 }).toBeLessThanOrEqual(1);
    await fits();
    await host.click('[data-press*="~begin~"]');
    const seen: string[] = [];
    for (let position = 0; position < 4; position++) {
      await wall.waitForSelector(`.stage[data-board="q${position}"]`, { timeout: 30_000 });
      const prompt = (await wall.textContent('.stage .prompt'))!.trim();
      seen.push(prompt.slice(0, 12));
      if (prompt.startsWith('By which')) await wall.waitForSelector('.stage figure.drawn canvas');
      await fits();
      expect((await measured()).smallest).toBeGreaterThanOrEqual(14);
      expect(await wall.locator('.stage :is(a, .link):visible').count()).toBe(0);
      await host.click('.pinned [data-press*="~skip~"]');
      await wall.waitForSelector(`.stage[data-board="r${position}"]`);
      await fits();
      if (prompt.startsWith('Put')) {
        expect(await wall.locator('.choices .place').allTextContents()).toEqual(['1.', '2.', '3.', '4.']);
        const order = await wall.locator('.choices li > span').allTextContents();
        expect(order).toEqual(['forward pass', 'loss of the batch', 'back-propagation', 'step of the optimiser']);
      } else if (prompt.startsWith('Which')) expect(await wall.textContent('.answer-is')).toBe('0.25 ± 0.01');
      else if (prompt.startsWith('By which')) {
        await wall.waitForSelector('.stage figure.drawn canvas');
        expect(await wall.textContent('.answer-is')).toMatch(/^1\.02 ± 0\.05$/);
      } else expect(await wall.locator('.choices .right').count()).toBe(1);
      await host.locator('[data-press*="~next~"]').last().click();
    }
    expect(new Set(seen).size).toBe(4);
    await wall.waitForSelector('.stage[data-board="podium"]');
  });

  it('is silent until somebody wants to hear it, and remembers that', async () => {
    const { page, context } = await visitors.visit(`${playground.url}/r/sound`);
    await settled(page);
    await say(page, '/quiz start topic:single lobby:600');
    const sound = page.locator('.invite .sound');
    await sound.waitFor();
    expect(await sound.getAttribute('aria-pressed')).toBe('false');
    await sound.click();
    expect(await sound.getAttribute('aria-pressed')).toBe('true');
    await page.reload();
    await sound.waitFor();
    expect(await sound.getAttribute('aria-pressed')).toBe('true');
    await context.close();
  });
});
