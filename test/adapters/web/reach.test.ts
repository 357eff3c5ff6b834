import { mkdtempSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { originFor, senderOf } from '../../../src/adapters/web/reach.ts';
import { gameContent } from '../../helpers/game.ts';
import { startPlayground } from '../../helpers/playground.ts';
import { createWebClient } from '../../helpers/web-client.ts';

let playground: Awaited<ReturnType<typeof startPlayground>>;
const client = createWebClient(() => playground.url);
beforeAll(async () => {
  const env = { CONTENT_DIR: gameContent(), PUBLIC_URL: 'https://tutor.example.org/' };
  playground = await startPlayground({ folder: mkdtempSync(join(tmpdir(), 'reach-')), env });
});
afterAll(() => playground.close());

it('finds the address that phones reach', () => {
  const card = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({ address, family, internal }) as NetworkInterfaceInfo;
  const cards = () => ({
    lo: [card('127.0.0.1', 'IPv4', true)],
    wifi: [card('fe80::1', 'IPv6'), card('169.254.3.4', 'IPv4'), card('192.168.1.7', 'IPv4')],
  });
  const at = (host: string, listens: string, publicUrl?: string) => originFor(host, { host: listens, publicUrl }, cards);
  expect(at('localhost:3000', '0.0.0.0')).toBe('http://192.168.1.7:3000');
  expect(at('[::1]:3000', '::')).toBe('http://192.168.1.7:3000');
  expect(at('127.0.0.1', '10.0.0.5')).toBe('http://10.0.0.5');
  // The page's own address is right already, or nobody else gets in at all.
  expect(at('tutor.example.org', '0.0.0.0')).toBeUndefined();
  expect(at('127.0.0.1:3000', '127.0.0.1')).toBeUndefined();
  expect(originFor('localhost:3000', { host: '0.0.0.0', publicUrl: undefined }, () => ({}))).toBeUndefined();
  expect(at('127.0.0.1:3000', '127.0.0.1', 'https://tutor.example.org/')).toBe('https://tutor.example.org');
});

it('counts attempts by the address that a proxy on this machine saw, and believes nobody else', () => {
  expect(senderOf('127.0.0.1', undefined)).toBe('127.0.0.1');
  expect(senderOf('127.0.0.1', '6.6.6.6, 203.0.113.9')).toBe('203.0.113.9');
  expect(senderOf('::ffff:127.0.0.1', '203.0.113.9')).toBe('203.0.113.9');
  expect(senderOf('198.51.100.2', '203.0.113.9')).toBe('198.51.100.2');
  expect(senderOf('127.0.0.1', ' ')).toBe('127.0.0.1');
});

it('tells the page of PUBLIC_URL; who guesses codes behind a proxy locks nobody else out', async () => {
  await client.post('hall', { user: 'ana', text: '/quiz start topic:single lobby:600' });
  const { code, origin } = (await client.get('/api/rooms/hall/quiz')) as { code: string; origin: string };
  expect(origin).toBe('https://tutor.example.org');
  const ask = async (typed: string, from: string) =>
    (await fetch(`${playground.url}/api/join/${typed}`, { headers: { 'X-Forwarded-For': from } })).status;
  const guesses = await Promise.all(Array.from({ length: 230 }, () => ask('AAAAA3', '203.0.113.9')));
  expect(guesses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(20);
  expect(await ask(code, '203.0.113.9')).toBe(429);
  expect(await ask(code, '203.0.113.10')).toBe(200);
});
