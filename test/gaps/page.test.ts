// The page and the terminal's way of writing an answer: the same loop as on Discord and Slack (evening.test.ts).
// SHOTS=folder keeps pictures.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resetHostPassword } from '../../src/store/secrets.ts';
import { chromiumPath, openBrowser, say, settled, violations } from '../helpers/browser.ts';
import { startPlayground } from '../helpers/playground.ts';
import { smallContent } from '../helpers/small-content.ts';

describe.skipIf(!chromiumPath)('gaps on the page', () => {
  it('the host sees a question of a student’s and answers it in a field of several lines', { timeout: 120_000 }, async () => {
    const playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'gaps-page-')), env: { CONTENT_DIR: smallContent() } });
    const visitors = await openBrowser();
    const shoot = async (name: string) => {
      if (process.env.SHOTS) await host.page.screenshot({ path: join(process.env.SHOTS, `gaps-${name}.png`), fullPage: true });
    };
    const host = await visitors.visit(`${playground.url}/host`);
    try {
      await host.page.fill('#way-in input', await resetHostPassword(playground.services.store.db));
      await host.page.press('#way-in input', 'Enter');
      await host.page.waitForSelector('#host-leave');
      await host.page.goto(`${playground.url}/r/study`);
      await settled(host.page);
      await say(host.page, '/settings gaps on');
      await host.page.waitForSelector('.message:has-text("90 days")');
      const student = await visitors.visit(`${playground.url}/r/study`);
      await settled(student.page);
      await say(student.page, 'when is the project due?');
      await student.page.waitForSelector('.message:has-text("kept without your name")');
      await say(host.page, '/gaps');
      await host.page.locator('[data-press^="1~gaps~open"]').click();
      await host.page.locator('button[data-press^="1~gaps~write"]').click();
      await host.page.locator('form[data-press^="1~gaps~write"] textarea').fill('On **12 December**.\n\nBy mail.');
      await shoot('form');
      expect(await violations(host.page)).toEqual([]);
      await host.page.press('form[data-press^="1~gaps~write"] textarea', 'Control+Enter');
      await host.page.waitForSelector('.message:has-text("ways of asking find it")');
      await shoot('written');
      await say(student.page, 'project: due when?');
      await student.page.waitForSelector('.message:has-text("12 December")');
      await student.page.locator('[data-press^="1~gaps~up"]').last().click();
      await student.page.waitForSelector(':has-text("Your last vote counts")');
      expect(visitors.errors).toEqual([]);
    } finally {
      await visitors.close();
      await playground.close();
    }
  });
});
