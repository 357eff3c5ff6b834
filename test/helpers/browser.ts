import axe from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium, launchChromium } from './chromium.ts';

/** Where Chromium is; the browser tests say so once where there is none. */
export const chromiumPath = findChromium();
if (!chromiumPath)
  process.stderr.write('No Chromium on this machine: the browser tests are left out (Debian: apt-get install chromium).\n');

export interface Visitor {
  page: Page;
  context: BrowserContext;
  close(): Promise<void>;
}

export interface Visitors {
  /** Opens a page of its own browser profile. */
  visit(url: string, options?: BrowserContextOptions & { before?: (page: Page) => Promise<unknown> }): Promise<Visitor>;
  /** Everything that any page has logged as an error. */
  errors: string[];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<Visitors> {
  const browser: Browser = await launchChromium(chromiumPath!);
  const errors: string[] = [];
  return {
    errors,
    async visit(url, { before, ...options } = {}) {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1200, height: 800 }, ...options });
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(`${page.url()}: ${error}`));
      page.on('console', (message) => message.type() === 'error' && errors.push(`${page.url()}: ${message.text()}`));
      await before?.(page);
      await page.goto(url);
      return { page, context, close: () => context.close() };
    },
    close: () => browser.close(),
  };
}

/** Types a line into the chat and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.fill('#line', text);
  await page.press('#line', 'Enter');
}

/** Waits until the chat has caught up with its room. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('#empty:not([hidden]), .message');
}

/**
 * What axe finds wrong with the page as it is, with the first element of each.
 * @param only these of its rules
 */
export async function violations(page: Page, only?: readonly string[]): Promise<string[]> {
  // Evaluated by the browser's debugger, so that the page's own policy stays as it is.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    type Axe = { run: (options: object) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> };
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run({
      resultTypes: ['violations'],
      // Style sheets and media fetched once more are for rules about sound and turned screens, which nothing here has.
      preload: false,
      ...(only && { runOnly: only }),
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary.slice(0, 200)}`);
  }, only);
}
