import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { ENTRIES, openBundle } from '../../../src/adapters/web/bundle.ts';

const bundles = (folder: string) => readdirSync(folder).filter((name) => !name.startsWith('.'));

it('is made once, and anew when a source has changed', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'page');
  const first = await openBundle(folder);
  for (const entry of ENTRIES) expect(first.file(first.url(entry).slice('/static/page/'.length))?.bytes.length).toBeGreaterThan(0);
  expect(() => first.url('nothing.js')).toThrow('no entry nothing.js');
  const [name] = bundles(folder);
  const stamp = join(folder, name!, 'bundle.json');
  const made = statSync(stamp).mtimeMs;
  expect((await openBundle(folder)).url(ENTRIES[0])).toBe(first.url(ENTRIES[0]));
  expect(statSync(stamp).mtimeMs).toBe(made);
  // As if it had been made of another version of one source: what was kept is no longer taken.
  const kept = JSON.parse(readFileSync(stamp, 'utf8')) as { inputs: Record<string, string> };
  const source = Object.keys(kept.inputs).find((path) => path.endsWith('page/style.css'))!;
  writeFileSync(stamp, JSON.stringify({ ...kept, inputs: { ...kept.inputs, [source]: 'another' } }));
  await openBundle(folder);
  expect(JSON.parse(readFileSync(stamp, 'utf8'))).toEqual(kept);
});

it('is kept where CACHE_DIR says, also when that is seen from another folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
  const bundle = await openBundle(relative(process.cwd(), join(folder, 'page')));
  expect(readdirSync(join(folder, 'page', bundles(join(folder, 'page'))[0]!))).toContain(bundle.url(ENTRIES[0]).split('/').at(-1));
});

it('names nothing outside this site, and leads to no source', async () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'page');
  const bundle = await openBundle(folder);
  for (const name of readdirSync(join(folder, bundles(folder)[0]!)).filter((file) => /\.(js|css)$/.test(file))) {
    const text = Buffer.from(bundle.file(name)!.bytes).toString();
    // TensorFlow.js names pages in its messages; what the worker may fetch, its policy says.
    if (!name.startsWith('worker-')) expect(text.match(/https?:\/\/(?!www\.w3\.org\/)[^"'`\s]*/g) ?? [], name).toEqual([]);
    expect(text).not.toContain('sourceMappingURL');
  }
});
