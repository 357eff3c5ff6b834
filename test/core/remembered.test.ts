import { expect, it } from 'vitest';
import { createRemembered } from '../../src/core/remembered.ts';
import { type Reply, say, toText } from '../../src/core/reply.ts';

const chart = (name: string, bytes: number): Reply =>
  say([
    { type: 'markdown', text: `about ${name}` },
    { type: 'image', png: new Uint8Array(bytes), name: `${name}.png`, alt: `loss of ${name}`, width: 2, height: 2 },
  ]);
const heldBytes = ({ blocks }: Reply) => blocks.reduce((sum, block) => sum + (block.type === 'image' ? block.png.length : 0), 0);

it('gives a repeated delivery the same reply, also while the first is under way', async () => {
  const remembered = createRemembered(10, 1_000);
  let finish: (reply: Reply) => void = () => {};
  const reply = new Promise<Reply>((resolve) => {
    finish = resolve;
  });
  remembered.set('a', reply);
  expect(remembered.get('a')).toBe(reply);
  finish(chart('a', 400));
  expect(await remembered.get('a')).toEqual(chart('a', 400));
  expect(remembered.get('b')).toBeUndefined();
});

it('keeps a bound of bytes: older charts and files are told in words, and no reply is forgotten for it', async () => {
  const remembered = createRemembered(100, 1_000);
  const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
  for (const key of keys) remembered.set(key, Promise.resolve(chart(key, 300)));
  remembered.set('file', Promise.resolve(say([{ type: 'file', name: 'me.json', mime: 'application/json', text: 'é'.repeat(150) }])));
  remembered.set('words', Promise.resolve(say([{ type: 'note', text: 'x'.repeat(5_000) }])));
  await Promise.resolve();
  const replies = await Promise.all(keys.map((key) => remembered.get(key)!));
  expect(replies.map(heldBytes)).toEqual([...Array(18).fill(0), 300, 300]);
  expect(remembered.bytes()).toBe(900);
  expect(toText(replies[0]!)).toBe('about k0\n\n[k0.png] loss of k0');
  // One that is too large for the bound altogether is told in words itself.
  remembered.set('huge', Promise.resolve(chart('huge', 5_000)));
  await Promise.resolve();
  expect(toText((await remembered.get('huge'))!)).toContain('loss of huge');
  expect(remembered.bytes()).toBe(0);
  remembered.set('next', Promise.resolve(chart('next', 300)));
  await Promise.resolve();
  expect(heldBytes((await remembered.get('next'))!)).toBe(300);
});

it('keeps a bound of replies, and counts no bytes of those that are gone', async () => {
  const remembered = createRemembered(2, 1_000);
  for (const key of ['a', 'b', 'c']) {
    remembered.set(key, Promise.resolve(chart(key, 100)));
    await Promise.resolve();
  }
  expect(['a', 'b', 'c'].map((key) => remembered.get(key) !== undefined)).toEqual([false, true, true]);
  expect(remembered.bytes()).toBe(200);
});
