import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../helpers/clock.ts';
import { history, openSlackBench, restartSlack, type SlackBench, type SlackBenchOptions, until } from '../../helpers/slack/bench.ts';
import { visibleText } from '../../helpers/slack/block-kit.ts';
import type { Place } from '../../helpers/slack/payloads.ts';

let bench: SlackBench;
let place: Place;
let folder: string;
const member = (name: string) => bench.workspace.member(name);
const posts = () => history(bench.workspace, place.channel);

async function open(options: Partial<SlackBenchOptions> = {}): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'slack-charts-'));
  bench = await openSlackBench({ folder, freshSeed: () => 7, env: { LOG_LEVEL: 'silent' }, ...options });
  place = { team: bench.workspace.team, channel: bench.workspace.channels.study! };
}

afterEach(async () => {
  await bench.close();
  expect(bench.com.violations).toEqual([]);
});

describe('a chart', () => {
  it('reaches screen readers under Slack’s own name for it, and stands below its text with a caption', { timeout: 60_000 }, async () => {
    await open();
    await bench.driver.slash(place, member('alice'), '/demo gradient-descent seed:3');
    const [text, chart] = await until('two messages', async () => (await posts()).length === 2 && posts());
    const asked = bench.com.calls.find(({ method }) => method === 'files.getUploadURLExternal')!.args;
    expect(String(asked.alt_txt)).toMatch(/η = 0\.072: ×0\.928/);
    expect(String(asked.alt_txt).length).toBeLessThanOrEqual(1_000);
    expect(asked.alt_text).toBe(asked.alt_txt);
    expect(text!.text).toMatch(/^Learning rate and convergence/);
    expect(chart!.text).toContain('Learning rate and convergence');
    expect((chart!.files as { title: string }[])[0]!.title).toBe('Learning rate and convergence');
  });

  it('that could not be uploaded is told to be missing, to everyone, with its numbers', { timeout: 60_000 }, async () => {
    await open();
    bench.com.fail('files.completeUploadExternal', { error: 'file_uploads_disabled' });
    const { hook } = await bench.driver.slash(place, member('alice'), '/demo gradient-descent seed:3');
    const [, note] = await until('the note', async () => (await posts()).length === 2 && posts());
    const asked = bench.com.calls.find(({ method }) => method === 'files.getUploadURLExternal')!.args;
    const said = visibleText(note!.blocks);
    expect(said).toMatch(/chart could not be uploaded and is missing/);
    expect(said).toContain(String(asked.alt_txt).slice(0, 60));
    // What mends it is for who asked.
    const { message } = await until('the reason', () => hook.responses[0]);
    expect(visibleText(message.blocks)).toContain('file_uploads_disabled');
    expect(message.response_type).toBe('ephemeral');
  });

  it('of a quiz makes no window for a double: its message counts as sent before the chart is up', { timeout: 90_000 }, async () => {
    const clock = createManualClock();
    await open({ clock, mode: 'socket' });
    // Every question of this deck is read off a chart.
    const { quiz, store, notes } = bench.program.services;
    const topic = [...notes.content().questions.values()].find(({ kind }) => kind === 'chart')!.topic;
    bench.com.fail('files.getUploadURLExternal', { delay: 4_000 }, 50);
    await bench.driver.slash(place, member('alice'), `/quiz start topic:${topic} questions:20 lobby:0 seconds:30`);
    const room = { platform: 'slack' as const, space: place.team, room: place.channel };
    const isChart = () => {
      const live = quiz.inRoom(room);
      const asked = live && live.state.position >= 0 && live.stored.questions[live.state.position];
      return asked && notes.content().questions.get(asked.questionId)?.kind === 'chart' && live.state.phase === 'open' && live;
    };
    // Questions before it are closed.
    const live = await until('the chart question', async () => {
      const found = isChart();
      if (found) return found;
      await clock.advance(10_000);
      return undefined;
    });
    const key = `q${live.state.position}`;
    const sent = () => store.db.selectFrom('quiz_posts').selectAll().where('key', '=', key).execute();
    await until('the record', async () => (await sent()).length === 1);
    expect(bench.com.calls.some(({ method }) => method === 'files.completeUploadExternal')).toBe(false);
    const boards = async () => (await posts()).filter(({ text }) => text?.startsWith(`Question ${live.state.position + 1} of`));
    expect(await boards()).toHaveLength(1);
    // The program is killed while the chart is on its way.
    bench.com.fail('files.completeUploadExternal', { error: 'fatal_error' }, 50);
    await restartSlack(bench, { folder, clock, freshSeed: () => 7 });
    await clock.advance(2_000);
    expect(await boards()).toHaveLength(1);
  });
});
