import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import type { Hono } from 'hono';
import type { Bundle } from './bundle.ts';
import type { Ctx, Env } from './identity.ts';
import type { ImageStore } from './images.ts';

const PUBLIC = join(import.meta.dirname, 'public');
const INDEX = join(import.meta.dirname, 'page', 'index.html');
const KATEX = dirname(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'));
/** TensorFlow.js' WASM, plain and with SIMD; the build with threads needs headers that we do not send. */
const WASM = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
const FOREVER = 'public, max-age=31536000, immutable';
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.json': 'application/json; charset=utf-8',
};

/** The addresses that show a page; which view it is, the page reads from the address. */
export const VIEWS = [
  '/',
  '/r/:room',
  '/join',
  '/join/:code',
  '/present/:code',
  '/lab',
  '/lab/:demo',
  '/notes',
  '/notes/:topic',
  '/scores',
  '/progress',
  '/host',
] as const;

/** The page, its bundled scripts and styles, KaTeX's fonts, WASM, and the charts. Nothing comes from elsewhere. */
export function servePages(app: Hono<Env>, images: ImageStore, page: Promise<Bundle>): void {
  const files = publicFiles();
  const index = readFileSync(INDEX, 'utf8');
  for (const path of VIEWS)
    app.get(path, async (c) => {
      const { url } = await page;
      return c.html(
        index.replaceAll(/\{\{(.+?)\}\}/g, (_, entry: string) => url(entry)),
        200,
        { 'Cache-Control': 'no-cache' },
      );
    });
  app.get('/static/page/:file', async (c) => serveBundled(c, await page));
  app.get('/static/*', (c) => {
    const name = c.req.path.slice('/static/'.length);
    const path = files.get(name);
    if (!path) return c.notFound();
    const immutable = /\.(woff2|wasm)$/.test(name);
    return c.body(new Uint8Array(readFileSync(path)), 200, {
      'Content-Type': TYPES[extname(name)]!,
      'Cache-Control': immutable ? FOREVER : 'no-cache',
    });
  });
  app.get('/images/:file', (c) => {
    const file = images.get(c.req.param('file'));
    if (!file) return c.notFound();
    return c.body(file, 200, { 'Content-Type': TYPES[extname(c.req.param('file'))]!, 'Cache-Control': FOREVER });
  });
}

async function serveBundled(c: Ctx, bundle: Bundle): Promise<Response> {
  const name = c.req.param('file') ?? '';
  const file = bundle.file(name);
  const type = TYPES[extname(name)];
  if (!file || !type) return c.notFound();
  const accepted = c.req.header('Accept-Encoding') ?? '';
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
  return c.body(encoding ? await file.packed(encoding) : file.bytes, 200, {
    'Content-Type': type,
    'Cache-Control': FOREVER,
    Vary: 'Accept-Encoding',
    ...(encoding && { 'Content-Encoding': encoding }),
  });
}

/** Every file that `/static/` serves besides the bundle, by its name there: nothing else on the disk can be asked for. */
function publicFiles(): Map<string, string> {
  const own = readdirSync(PUBLIC, { encoding: 'utf8' }).map((name) => [name, join(PUBLIC, name)]);
  const fonts = readdirSync(join(KATEX, 'fonts')).filter((name) => name.endsWith('.woff2'));
  const katex = ['katex.min.css', ...fonts.map((name) => `fonts/${name}`)].map((name) => [`katex/${name}`, join(KATEX, name)]);
  const wasm = ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'].map((name) => [`wasm/${name}`, join(WASM, name)]);
  return new Map([...own, ...katex, ...wasm].filter(([name]) => Object.hasOwn(TYPES, extname(name!))) as [string, string][]);
}
