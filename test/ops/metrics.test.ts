import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../src/core/request.ts';
import { watchFigures } from '../../src/ops/figures.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { type MetricsServer, serveMetrics } from '../../src/ops/serve.ts';
import { sqliteOf } from '../../src/store/database.ts';
import { type Program, startPlayground } from '../helpers/playground.ts';

const metrics = createMetrics();
let program: Program & { url: string };
let server: MetricsServer;
const request = (id: string, command: string, options: Record<string, string> = {}): Request => ({
  id,
  platform: 'terminal',
  space: 'local',
  room: 'main',
  user: { id: 'ada', name: 'Ada', admin: true },
  command,
  options,
  receivedAt: Date.now(),
});
/** The value of a line of the exposition, by its name and labels. */
const figure = (text: string, name: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`${name} `))
    ?.split(' ')[1];

beforeAll(async () => {
  program = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'metrics-')), metrics });
  watchFigures(metrics, program.services, {
    platforms: () => ({ discord: { connected: true }, slack: { connected: false } }),
    newestBackup: () => 1_764_000_000_000,
  });
  server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  await program.close();
});

describe('/metrics', () => {
  it('counts what was asked by command and outcome, and reads how everything stands', async () => {
    await program.dispatch(request('1', 'explain', { topic: 'dropout' }));
    await program.dispatch(request('2', 'lang', { language: 'klingon' }));
    // What people type does not become the name of a figure.
    await program.dispatch(request('3', 'x{y="1"}'));
    await program.dispatch(request('4', 'lang', { language: 'en' }));
    const response = await fetch(server.url);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(figure(text, 'tutor_requests_total{platform="terminal",command="explain",outcome="answered"}')).toBe('1');
    expect(figure(text, 'tutor_requests_total{platform="terminal",command="lang",outcome="refused"}')).toBe('1');
    expect(figure(text, 'tutor_requests_total{platform="terminal",command="other",outcome="refused"}')).toBe('1');
    expect(figure(text, 'tutor_reply_seconds_count{platform="terminal"}')).toBe('4');
    expect(Number(figure(text, 'tutor_commit_seconds_count'))).toBeGreaterThan(0);
    expect(figure(text, 'tutor_platform_connected{platform="slack"}')).toBe('0');
    expect(figure(text, 'tutor_quizzes_open')).toBe('0');
    expect(figure(text, 'tutor_database_trouble')).toBe('0');
    expect(figure(text, 'tutor_backup_newest_seconds')).toBe('1764000000');
    expect(Number(figure(text, 'tutor_topics'))).toBe(program.services.notes.content().topics.size);
    expect(Number(figure(text, 'process_resident_memory_bytes'))).toBeGreaterThan(1e6);
  });

  it('answers nothing else', async () => {
    expect((await fetch(new URL('/', server.url))).status).toBe(404);
    expect((await fetch(server.url, { method: 'POST' })).status).toBe(404);
  });
});

it('has no age of a backup where the host makes them elsewhere: one of 56 years would raise the alarm for ever', () => {
  const metrics = createMetrics();
  watchFigures(metrics, program.services, { platforms: () => ({}) });
  expect(metrics.names()).toContain('tutor_quizzes_open');
  expect(metrics.names()).not.toContain('tutor_backup_newest_seconds');
});

it('/livez and /readyz are for supervisors, without a password', async () => {
  expect(await (await fetch(`${program.url}/livez`)).json()).toEqual({ ok: true });
  const sqlite = sqliteOf(program.services.store);
  const codes = async () => {
    const response = await fetch(`${program.url}/readyz`);
    const { ready, reasons } = (await response.json()) as { ready: boolean; reasons: { code: string }[] };
    expect(response.status).toBe(ready ? 200 : 503);
    return reasons.map(({ code }) => code).filter((code) => code !== 'little-disk');
  };
  expect(await codes()).toEqual([]);
  sqlite.pragma('query_only = on');
  expect(await codes()).toEqual(['disk-read-only']);
  sqlite.pragma('query_only = off');
  expect(await codes()).toEqual([]);
});
