import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, say, settled, type Visitors } from '../helpers/browser.ts';
import { choiceContent } from '../helpers/choice-content.ts';

const root = join(import.meta.dirname, '../..');
const content = choiceContent();

/** The real program as a process of its own, which can be killed. */
async function startServer(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, 'src/main.ts')], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', CONTENT_DIR: content, PORT: String(port), LOG_LEVEL: 'error' },
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk) => {
      said += chunk;
      if (said.includes('http://')) resolve();
    });
    child.once('exit', () => reject(new Error(said)));
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe.skipIf(!chromiumPath)('when things go wrong, in Chromium', { timeout: 120_000 }, () => {
  let server: ChildProcess;
  let visitors: Visitors;
  let url: string;
  let port: number;
  const folder = mkdtempSync(join(tmpdir(), 'trouble-'));

  beforeAll(async () => {
    port = await freePort();
    url = `http://127.0.0.1:${port}`;
    [server, visitors] = await Promise.all([startServer(folder, port), openBrowser()]);
  });
  afterAll(async () => {
    await visitors?.close();
    if (server) await kill(server);
  });

  const open = async (room: string, options: Parameters<Visitors['visit']>[1] = {}) => {
    const visitor = await visitors.visit(`${url}/r/${room}`, options);
    await settled(visitor.page);
    return visitor;
  };
  const board = (question: number) => `.card:has(h2:has-text("Question ${question} of 2"))`;
  const pick = async (page: Page, question: number, which: number) => {
    await page
      .locator(`${board(question)} [data-press*="~pick~"]`)
      .nth(which)
      .click();
    await page.waitForSelector('.answer:has-text("Recorded")');
  };

  it('three players finish a quiz though one reloads and the server is killed between', async () => {
    const players = await Promise.all(['Ana', 'Ben', 'Cleo'].map(() => open('quiz')));
    const [ana, ben, cleo] = players.map(({ page }) => page) as [Page, Page, Page];
    await say(ana, '/quiz start topic:batch-size questions:2 lobby:0 seconds:60');
    for (const page of [ana, ben, cleo]) await page.waitForSelector(`${board(1)} [data-press*="~pick~"]`);
    // They join, so the question waits for all of them, and for nobody else.
    for (const page of [ana, ben, cleo]) {
      await page.click('[data-press*="~join~"]');
      await page.waitForSelector('.answer:has-text("You are in")');
    }
    await pick(ana, 1, 0);
    await pick(ben, 1, 1);
    await cleo.waitForSelector(`${board(1)}:has-text("2 of 3 answered")`);
    const { code } = (await (await fetch(`${url}/api/rooms/quiz/quiz`)).json()) as { code: string };
    const { page: wall, close: takeDown } = await visitors.visit(`${url}/present/${code}`);
    await wall.waitForSelector('.stage[data-board="q0"] .counted:has-text("2 of 3 answered")');
    // One reloads in mid-question: the board is there, and so is what they chose.
    await ben.reload();
    await ben.waitForSelector(`${board(1)} [aria-pressed="true"]`);
    expect(await ben.locator(`${board(1)} [aria-pressed="true"] b`).textContent()).toBe('B');

    await kill(server);
    for (const page of [ana, ben, cleo]) await page.waitForSelector('#notice:has-text("Connection lost")');
    // What is said meanwhile is kept and goes out by itself.
    await say(cleo, 'what is saturation');
    await cleo.waitForSelector('.unsent:has-text("Not sent yet")');
    // The wall says so too, and still shows the question.
    await wall.waitForSelector('footer:has-text("Connection lost")');
    expect(await wall.locator('.stage[data-board="q0"] .prompt').count()).toBe(1);
    server = await startServer(folder, port);
    for (const page of [ana, ben, cleo]) await page.waitForSelector('#notice:empty', { state: 'attached' });
    await cleo.waitForSelector('.unsent', { state: 'detached' });

    await wall.waitForFunction(`!document.querySelector('footer').textContent.includes('Connection lost')`);
    await pick(cleo, 1, 0);
    await wall.waitForSelector('.stage[data-board="r0"] .choices .right');
    for (const page of [ana, ben, cleo]) await page.waitForSelector('.card h2:has-text("Answer to question 1")');
    await ana.locator('[data-press*="~next~"]').click();
    for (const [i, page] of [ana, ben, cleo].entries()) {
      await page.waitForSelector(`${board(2)} [data-press*="~pick~"]`);
      await pick(page, 2, i % 2);
    }
    for (const page of [ana, ben, cleo]) await page.waitForSelector('.card h2:has-text("Answer to question 2")');
    await ana.locator('[data-press*="~next~"]').last().click();
    for (const page of [ana, ben, cleo]) {
      await page.waitForSelector('.card h2:has-text("Result")');
      // Nothing is missing and nothing came twice, on the pages that stayed and on the one that was loaded again.
      expect(await page.locator('.card h2').allTextContents()).toEqual(
        expect.arrayContaining(['Question 1 of 2', 'Answer to question 1', 'Question 2 of 2', 'Answer to question 2', 'Result']),
      );
      for (const title of ['Question 1 of 2', 'Question 2 of 2', 'Result'])
        expect(await page.locator(`.card h2:text-is("${title}")`).count()).toBe(1);
      expect(await page.locator('.said:has-text("what is saturation")').count()).toBe(1);
    }
    await wall.waitForSelector('.stage[data-board="podium"]');
    expect(await wall.textContent('footer')).not.toContain('Connection lost');
    await takeDown();
    // The answer that was given before the kill counted: everyone has answered both questions.
    const { rows } = (await (await fetch(`${url}/api/scores?room=quiz`)).json()) as { rows: { answered: number }[] };
    expect(rows.map(({ answered }) => answered)).toEqual([2, 2, 2]);
    for (const { close } of players) await close();
  });

  it('an experiment that died with the server does not stay on the page as running', async () => {
    const { page, close } = await open('died');
    await say(page, '/demo bert-layers layers:4 steps:600 seed:77');
    await page.waitForSelector('.working:has-text("Running")');
    await kill(server);
    server = await startServer(folder, port);
    await page.waitForSelector('#notice:empty', { state: 'attached' });
    // It is asked for again by itself, under the same id, and can be cancelled.
    await page.waitForSelector('.working:has-text("Running")');
    await page.click('.working button:has-text("Cancel")');
    await page.waitForSelector('.note.error:has-text("cancelled")');
    await page.waitForSelector('.working', { state: 'detached' });
    expect(await page.locator('.said').count()).toBe(1);
    await close();
  });

  it('scripts in names, rooms and messages stay text', async () => {
    const evil = '<img src=x onerror=document.title="hacked">';
    const { page, close } = await open(encodeURIComponent('房间-1'));
    await page.click('#name');
    await page.fill('#ask input', evil.slice(0, 32));
    await page.press('#ask input', 'Enter');
    await page.waitForSelector('#name:has-text("<img")');
    await settled(page);
    await say(page, `<script>document.title="hacked"</script>${evil}`);
    await page.waitForSelector('.said:has-text("<script>")');
    await page.waitForSelector('.message .card');
    expect(await page.locator('.message img:not(.avatar)').count()).toBe(0);
    await page.goto(`${url}/r/${encodeURIComponent('<script>alert(1)')}`);
    expect(await page.title()).not.toBe('hacked');
    // The nearest room that there can be.
    await page.waitForSelector('#room:has-text("# -script-alert-1-")');
    await settled(page);
    await close();
  });

  it('a megabyte is given back with the reason', async () => {
    const { page, close } = await open('mega');
    await page.evaluate(`document.querySelector('#line').value = 'why ' + 'x'.repeat(1_000_000)`);
    await page.press('#line', 'Enter');
    await page.waitForSelector('.unsent.failed:has-text("larger than 256 kB")');
    await page.click('.unsent button:has-text("Edit")');
    expect((await page.inputValue('#line')).length).toBe(1_000_004);
    await close();
  });

  it('two tabs are one person, whose pages all show what only they see', async () => {
    const { page, context, close } = await open('tabs');
    const second = await context.newPage();
    await second.goto(`${url}/r/tabs`);
    await settled(second);
    expect(await second.textContent('#name')).toBe(await page.textContent('#name'));
    await say(second, '/help');
    for (const one of [page, second]) await one.waitForSelector('.private');
    await close();
  });

  it('says so where the browser keeps no cookie, and answers all the same', async () => {
    const refuse = async (route: Route) => {
      const request = route.request();
      const body = request.postData();
      const response = await fetch(request.url(), { method: request.method(), headers: await request.allHeaders(), ...(body && { body }) });
      await route.fulfill({ status: response.status, contentType: 'application/json', body: await response.text() });
    };
    const { page, close } = await open('cookieless', {
      before: (page) => page.route(/api.(me|rooms.\w+.messages)/, refuse),
    });
    await page.waitForSelector('#notice:has-text("This page knows you by a cookie")');
    await say(page, 'what is saturation');
    await page.waitForSelector('.card h2');
    await close();
  });

  it('works where the browser refuses storage, and remembers over a reload all the same', async () => {
    const refuse = `for (const kind of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, kind, { get() { throw new DOMException('refused', 'SecurityError'); } });`;
    const { page, close } = await open('refused', { before: (page) => page.addInitScript(refuse) });
    await page.click('#name');
    await page.fill('#ask input', 'Dana');
    await page.click('#ask button[value=ok]');
    await page.waitForSelector('#name:has-text("Dana")');
    await page.click('#language');
    await page.waitForSelector('#send:has-text("发送")');
    await settled(page);
    await say(page, '/topics');
    await page.waitForSelector('.message:has-text("Dana")');
    await page.click('#theme');
    await close();
  });

  it('a page that nobody looks at gives its connection back and catches up when it is seen again', async () => {
    const { page, close } = await open('hidden');
    const look = (hidden: boolean) =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    const pages = async () => ((await (await fetch(`${url}/health`)).json()) as { pages: number }).pages;
    await expect.poll(pages).toBe(1);
    await page.clock.install();
    await look(true);
    await page.clock.runFor(25_000);
    await expect.poll(pages).toBe(0);
    await fetch(`${url}/api/rooms/hidden/messages`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ user: 'Eve', text: '/scores' }),
    });
    await look(false);
    await page.waitForSelector('.message:has-text("Eve")');
    await close();
  });

  it('logged nothing but the lost connections and the refused address', () => {
    const known = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|status of 413|status of 400/;
    expect(visitors.errors.filter((error) => !known.test(error))).toEqual([]);
  });
});
