// `npm run slim`: takes out of node_modules what a running bot never opens. `npm ci` brings it back.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { build, PREBUILT } from '../src/adapters/web/bundle.ts';
import { FONTS } from '../src/charts/node/fonts.ts';
import { plain } from './quick.mjs';

const HELP = `npm run slim      take out of node_modules what a running bot never opens: builds of TensorFlow.js for
                  browsers, weights of fonts that no chart uses, headers of Node, sources, maps and type files

For installs that only run the bot (npm ci --omit=dev --ignore-scripts). npm ci brings everything back.
只用于运行机器人的安装：删掉运行时用不到的文件；npm ci 可恢复。
`;

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

/** Of the packages on the left, only what is listed on the right is kept. */
const KEPT: readonly [packages: string, files: readonly string[]][] = [
  [
    '@tensorflow/tfjs*',
    ['package.json', 'README.md', 'LICENSE', 'dist/*.node.js', 'dist/*.wasm', 'node_modules/**', 'lib/**', 'deps/**', 'dist/**/*.node'],
  ],
  ['@expo-google-fonts/*', ['package.json', 'README.md', 'LICENSE*', ...FONTS.map(([, file]) => file.split('/').slice(2).join('/'))]],
  ['node-{linux,darwin,win,bin-darwin}-*', ['package.json', 'LICENSE', 'bin/**']],
  [
    'better-sqlite3',
    [
      'package.json',
      'LICENSE',
      'lib/**',
      'build/Release/better_sqlite3.node',
      `prebuilds/${process.platform}-${process.arch}/**`,
      'prebuilds/*.node',
    ],
  ],
];
/** tfjs-node is CommonJS in many files, all of which it loads. */
const WHOLE = ['@tensorflow/tfjs-node'];
const NEVER_READ = '**/*.{map,d.ts,d.mts,d.cts}';

/** Bytes of all files below a folder. */
const sizeOf = (folder: string) =>
  globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

async function slim(): Promise<void> {
  // The page is bundled while all of it is here; the bundler itself is not needed afterwards.
  rmSync(PREBUILT, { recursive: true, force: true });
  await build(PREBUILT);
  for (const name of globSync('@esbuild/*', { cwd: modules })) rmSync(join(modules, name), { recursive: true });

  for (const [packages, files] of KEPT)
    for (const name of globSync(packages, { cwd: modules })) {
      if (WHOLE.includes(name.split(sep).join('/'))) continue;
      const folder = join(modules, name);
      const kept = new Set(globSync([...files], { cwd: folder }));
      for (const entry of globSync('**/*', { cwd: folder, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (!entry.isDirectory() && !kept.has(path.slice(folder.length + 1))) rmSync(path);
      }
    }
  for (const file of globSync(NEVER_READ, { cwd: modules })) rmSync(join(modules, file), { force: true });
}

/** A question, and a run with its chart: everything that was thinned out has to be opened. @returns what went wrong. */
function tryOut(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'slim-'));
  const lines = ['/explain dropout', '/demo gradient-norms depth:3 width:8 seeds:1'].map((text) => JSON.stringify({ text }));
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', './scripts/quick.mjs', 'src/chat.ts', '--json', '--db', join(folder, 'tutor.db'), '--out', folder],
    { cwd: root, input: `${lines.join('\n')}\n`, encoding: 'utf8', env: { ...process.env, CACHE_DIR: join(folder, 'cache') } },
  );
  rmSync(folder, { recursive: true, force: true });
  const kinds = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { result?: { kind?: string } }).result?.kind);
  return status === 0 && kinds.length === 2 && !kinds.includes('error') ? undefined : `${stdout.slice(-400)}\n${stderr.slice(-800)}`;
}

async function main(): Promise<void> {
  if (process.argv.length > 2) {
    process.stdout.write(HELP);
    return;
  }
  if (existsSync(join(modules, 'vitest'))) {
    process.stderr.write(
      'Development packages are installed, which need what this takes away. First: npm ci --omit=dev --ignore-scripts\n' +
        '这里装了开发依赖，它们需要这些文件。请先运行：npm ci --omit=dev --ignore-scripts\n',
    );
    process.exitCode = 1;
    return;
  }
  const before = sizeOf(modules);
  await slim();
  process.stdout.write(`node_modules: ${megabytes(before)} before, ${megabytes(sizeOf(modules))} now\n`);
  // Where the bot runs it may not be able to write beside its code.
  for (const file of globSync('{src,commands}/**/*.ts', { cwd: root })) plain(readFileSync(join(root, file), 'utf8'));
  const fault = tryOut();
  if (fault === undefined) return void process.stdout.write('tried out: a question, a run and its chart\n');
  process.stderr.write(`The bot does not run any more; npm ci brings everything back.\n${fault}\n`);
  process.exitCode = 1;
}

await main();
