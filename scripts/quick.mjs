// Preloaded (`node --import`) before every program of ours. Node runs our TypeScript by taking the types out at each
// start, with a compiler that takes a second and 16 MB; here each file is kept without its types, by the hash of what
// it holds, beside V8's own cache of compiled code. Where nothing can be written, and nothing was kept before, Node
// does its own.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { enableCompileCache, registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(import.meta.dirname, '../node_modules/.cache/code');
/** Whose output it is. */
const version = process.versions.amaro ?? process.version;

enableCompileCache(join(folder, 'compiled'));
registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
    const text = readFileSync(fileURLToPath(url), 'utf8');
    return { format: 'module', source: plain(text), shortCircuit: true };
  },
});

/** A file of TypeScript without its types, kept or now kept. */
export function plain(text) {
  const file = join(folder, `${createHash('sha1').update(version).update(text).digest('base64url')}.js`);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const stripped = strip(text);
    keep(file, stripped);
    return stripped;
  }
}

/** Node calls this an experiment on every start, though it does the same without a word by itself. */
function strip(text) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

function keep(file, text) {
  const whole = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(whole, text);
    renameSync(whole, file);
  } catch {
    // A read-only install has nothing there; a full disk has taken a part of it.
    try {
      rmSync(whole, { force: true });
    } catch {}
  }
}
