import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Hono } from 'hono';
import type { Env } from './identity.ts';
import type { ImageStore } from './images.ts';

const PUBLIC = join(import.meta.dirname, 'public');
const KATEX = dirname(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'));
const FOREVER = 'public, max-age=31536000, immutable';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
};

/** The addresses that show a page; which view it is, the page reads from the address. */
export const VIEWS = ['/', '/r/:room', '/lab', '/lab/:demo', '/notes', '/notes/:topic', '/scores', '/progress', '/host'] as const;

/** The page, its scripts and styles, KaTeX's fonts, and the charts. Nothing is built, nothing comes from elsewhere. */
export function servePages(app: Hono<Env>, images: ImageStore): void {
  const files = publicFiles();
  for (const path of VIEWS) app.get(path, (c) => c.html(readFileSync(join(PUBLIC, 'index.html'), 'utf8')));
  app.get('/static/*', (c) => {
    const name = c.req.path.slice('/static/'.length);
    const path = files.get(name);
    if (!path) return c.notFound();
    const immutable = name.endsWith('.woff2');
    return c.body(new Uint8Array(readFileSync(path)), 200, {
      'Content-Type': TYPES[extname(name)]!,
      'Cache-Control': immutable ? FOREVER : 'no-cache',
    });
  });
  app.get('/images/:file', (c) => {
    const png = images.get(c.req.param('file'));
    if (!png) return c.notFound();
    return c.body(png, 200, { 'Content-Type': 'image/png', 'Cache-Control': FOREVER });
  });
}

/** Every file that `/static/` serves, by its name there: nothing else on the disk can be asked for. */
function publicFiles(): Map<string, string> {
  const own = readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' }).map((name) => [name.replaceAll('\\', '/'), join(PUBLIC, name)]);
  const fonts = readdirSync(join(KATEX, 'fonts')).filter((name) => name.endsWith('.woff2'));
  const katex = ['katex.min.css', ...fonts.map((name) => `fonts/${name}`)].map((name) => [`katex/${name}`, join(KATEX, name)]);
  return new Map([...own, ...katex].filter(([name]) => Object.hasOwn(TYPES, extname(name!))) as [string, string][]);
}
