// `npm run bench -- lab`: in Chromium, from a slider's movement to the first changed picture, for each experiment of
// the lab that computes in under half a second; the median and the worst of five. Prints a table.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { tableToText } from '../src/core/reply.ts';
import { demos } from '../src/experiments/index.ts';
import { findChromium, launchChromium } from '../test/helpers/chromium.ts';
import { settled, startServer } from './lib/server.ts';

const CHANGES = 5;
/** A slower run waits until the slider rests, or for the button. */
const QUICK_MS = 500;
const GIVE_UP_MS = 3_000;

const { values, positionals } = parseArgs({
  args: process.argv.slice(3),
  allowPositionals: true,
  options: { help: { type: 'boolean', default: false } },
});

if (values.help) process.stdout.write('npm run bench -- lab [experiment ...]\n');
else {
  const chromium = findChromium();
  if (!chromium) process.stdout.write('No Chromium: nothing to measure.\n');
  else process.stdout.write(`${await benchLab(chromium)}\n`);
}

async function benchLab(executablePath: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lab-'));
  const { server, url } = await startServer(folder);
  const browser = await launchChromium(executablePath);
  try {
    await settled(server);
    const before = loadavg()[0]!;
    const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1200, height: 900 } });
    const rows: string[][] = [];
    await page.goto(`${url}/lab/gradient-direction`);
    await done(page);
    for (const { name } of demos.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
      // As going forward in the tab's history does: the worker is there already.
      await page.evaluate(`history.pushState(null, '', '/lab/${name}?seed=2'); dispatchEvent(new PopStateEvent('popstate'))`);
      await done(page);
      rows.push(await measure(page, name));
      process.stderr.write(`${rows.at(-1)!.join('  ')}\n`);
    }
    const table = tableToText(['experiment', 'computing', 'median', 'worst', 'slider'], rows);
    const load = `${before.toFixed(1)} before, ${loadavg()[0]!.toFixed(1)} after, on ${availableParallelism()} processors`;
    return `From a slider's movement to the first changed picture, ${CHANGES} times each; load of the machine ${load}\n${table}`;
  } finally {
    await browser.close();
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until nothing is being computed and a run is shown. */
function done(page: Page): Promise<unknown> {
  return page.waitForSelector('#results[aria-busy="false"] .where', { timeout: 120_000 });
}

async function computing(page: Page): Promise<number> {
  return Number(/(\d+) ms/.exec((await page.textContent('#results .where'))!)![1]);
}

/** Moves the first slider by its keys to and fro. A first run also compiles what it computes with. */
async function measure(page: Page, name: string): Promise<string[]> {
  const slider = page.locator('#controls').getByRole('slider').first();
  if ((await slider.count()) === 0) return [name, '', '', '', 'has none'];
  if ((await computing(page)) < 2 * QUICK_MS) {
    await page.click('#run');
    await done(page);
  }
  const ms = await computing(page);
  if (ms >= QUICK_MS) return [name, `${ms} ms`, '', '', 'waits for rest or the button'];
  const described = await slider.getAttribute('aria-label');
  await slider.focus();
  const times: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const seen = page.evaluate(picture, GIVE_UP_MS);
    const atEnd = await slider.evaluate((node) => {
      const { value, max } = node as unknown as { value: string; max: string };
      return Number(value) >= Number(max);
    });
    await page.keyboard.press(i % 2 === 1 || atEnd ? 'ArrowLeft' : 'ArrowRight');
    times.push(await seen);
    await done(page);
  }
  const sorted = times.sort((a, b) => a - b);
  const written = (time: number) => (Number.isFinite(time) ? `${time.toFixed(0)} ms` : 'none');
  return [name, `${ms} ms`, written(sorted[Math.floor(CHANGES / 2)]!), written(sorted.at(-1)!), described ?? ''];
}

/** From the next movement of a slider until what was drawn after it is on the screen; Infinity when nothing is. */
function picture(giveUp: number): Promise<number> {
  return new Promise((resolve) => {
    type Listen = (name: string, heard: (event: { timeStamp: number }) => void, options: object) => void;
    const page = globalThis as unknown as {
      addEventListener: Listen;
      document: { querySelector(selector: string): unknown };
      MutationObserver: new (
        seen: (changes: { target: { nodeName: string } }[]) => void,
      ) => { observe(node: unknown, options: object): void; disconnect(): void };
      requestAnimationFrame(next: () => void): void;
    };
    page.addEventListener(
      'input',
      ({ timeStamp }) => {
        const observer = new page.MutationObserver((changes) => {
          if (!changes.some(({ target }) => target.nodeName === 'CANVAS')) return;
          observer.disconnect();
          page.requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - timeStamp)));
        });
        observer.observe(page.document.querySelector('#results'), { subtree: true, attributes: true });
      },
      { capture: true, once: true },
    );
    setTimeout(() => resolve(Number.POSITIVE_INFINITY), giveUp);
  });
}
