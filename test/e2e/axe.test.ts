import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHostPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, say, settled, type Visitors, violations } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';

interface Look {
  path: string;
  /** There when the view is. */
  ready: string;
  /** What is done in it before it is looked at. */
  act?: (page: Page) => Promise<unknown>;
}

/** Every view of the page that is not the quiz, which has tests of its own. */
const looks = (password: string): Record<string, Look> => ({
  chat: {
    path: '/r/axe',
    ready: '#line',
    async act(page) {
      await settled(page);
      await say(page, '/topics path:lstm');
      await page.waitForSelector('a[href="/notes/lstm-and-gru#learning-path"]');
    },
  },
  'the lab with a sweep': {
    path: '/lab/gradient-descent?steps=40&seed=5&sweep=steps,20,40,2',
    ready: '#results[aria-busy="false"] .where',
  },
  'the lab with a problem': {
    path: '/lab/gradient-descent?steps=40&seed=5',
    ready: '#results[aria-busy="false"] .where',
    async act(page) {
      await page.fill('#p-steps', '9000');
      await page.waitForSelector('#problem');
    },
  },
  'an embedded run': { path: '/lab/gradient-descent?steps=40&seed=5&embed', ready: '#results[aria-busy="false"] .where' },
  'the notes': { path: '/notes', ready: '.map svg' },
  'a topic': { path: '/notes/batch-normalization', ready: '.map svg' },
  'no such topic': { path: '/notes/nothing-of-the-kind', ready: '.note.error' },
  scores: { path: '/scores', ready: 'main h1' },
  progress: { path: '/progress', ready: 'main h1' },
  'the host’s way in': { path: '/host', ready: '#way-in' },
  host: {
    path: '/host',
    ready: '#way-in',
    async act(page) {
      await page.fill('#password', password);
      await page.press('#password', 'Enter');
      await page.waitForSelector('#items .panel');
    },
  },
});

describe.skipIf(!chromiumPath)('axe finds nothing in', { timeout: 120_000 }, () => {
  let playground: Awaited<ReturnType<typeof startPlayground>>;
  let visitors: Visitors;
  let password: string;

  beforeAll(async () => {
    playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'axe-')), env: { TF_BACKEND: 'wasm' } });
    password = await resetHostPassword(playground.services.store.db);
    visitors = await openBrowser();
  }, 60_000);
  afterAll(async () => {
    await visitors?.close();
    await playground?.close();
  });

  /** Chinese on the narrowest phone, English on a desktop; each light, then dark, where only colours are others. */
  const profiles: Record<string, Promise<BrowserContext>> = {};
  const profile = async (locale: string, viewport: { width: number; height: number }) =>
    (await visitors.visit('about:blank', { locale, viewport, colorScheme: 'light', reducedMotion: 'reduce' })).context;
  const everywhere = [
    ['en-GB', { width: 1200, height: 800 }],
    ['zh-CN', { width: 360, height: 780 }],
  ] as const;
  // Side by side: what takes the time are pages that load.
  it.concurrent.each(Object.keys(looks('')).flatMap((name) => everywhere.map(([locale, viewport]) => [name, locale, viewport] as const)))(
    '%s (%s)',
    async (name, locale, viewport) => {
      const { path, ready, act } = looks(password)[name]!;
      // One browser profile a language keeps what it has loaded; the host's is another.
      if (name !== 'host') profiles[locale] ??= profile(locale, viewport);
      const context = await (name === 'host' ? profile(locale, viewport) : profiles[locale]!);
      const page = await context.newPage();
      await page.goto(playground.url + path);
      await page.waitForSelector(ready);
      await act?.(page);
      expect(await violations(page)).toEqual([]);
      await page.evaluate("document.documentElement.dataset.theme = 'dark'");
      expect(await violations(page, ['color-contrast'])).toEqual([]);
      // What is read aloud is words, and nothing is wider than the window.
      for (const said of await page.locator('[aria-live]:not(main *)').allTextContents()) expect(said).not.toMatch(/[<>]|\*\*|\$/);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width);
      await page.close();
    },
  );
});
