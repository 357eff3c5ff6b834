// Runs before every npm script, under whatever Node the machine has, so it uses nothing but Node itself.
// Installs when node_modules is absent or not what the lockfile names, so that `npm start` and `npm test` are
// enough on a fresh clone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

// The Node that the scripts run on is an optional package, so npm goes on without it where its download fails.
const hasNode = () =>
  process.versions.node.startsWith('22.') || ['node', 'node.cmd'].some((name) => existsSync(join(root, 'node_modules', '.bin', name)));

// Who only runs the bot needs no tools for developing it, which are a third of the packages; where they are installed
// they are kept up to date.
const RUNS = ['prestart', 'prechat', 'predb', 'preupgrade', 'prediscord:register', 'preslack:manifest'];
const runsOnly = () => RUNS.includes(process.env.npm_lifecycle_event) && !existsSync(join(root, 'node_modules', 'typescript'));

// npm writes .package-lock.json at the end of an install. Names, versions and folders decide: dates do not, for a
// checkout or a copy gives either file any date, and an install that was killed leaves folders out.
const isFresh = () => {
  if (!existsSync(installed) || !hasNode()) return false;
  const without = runsOnly();
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      (without && (entry.dev || entry.devOptional)) ||
      (have[path]?.version === entry.version && existsSync(join(root, path))),
  );
};

const fail = (english, chinese) => {
  process.stderr.write(`\n${english}\n${chinese}\n`);
  process.exit(1);
};

// Two commands typed at once (`npm start` here, `npm test` there) must not both rewrite node_modules.
const lock = join(tmpdir(), `${basename(root)}-${Buffer.from(root).toString('hex').slice(-40)}.install`);
const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};
const takeLock = () => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = Number(existsSync(lock) && readFileSync(lock, 'utf8'));
    if (holder && !isAlive(holder)) rmSync(lock, { force: true });
    return false;
  }
};

if (!isFresh()) {
  let waited = false;
  while (!takeLock()) {
    if (!waited) process.stderr.write('Another command is installing the packages; waiting for it …\n');
    waited = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  process.on('exit', () => rmSync(lock, { force: true }));
}
if (!isFresh()) {
  process.stderr.write('Installing packages (first start, or the lockfile changed) …\n');
  // No install script is needed by anything we use; skipping them avoids waiting for the one download that
  // does not answer everywhere (libtensorflow). `npm run setup:native` adds the native backend.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawn(npm, ['ci', ...(runsOnly() ? ['--omit=dev'] : []), '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  // Whoever ends the start ends the installation: the shell that npm put between has gone then. What is left half done
  // is done anew by the next start.
  const parent = process.ppid;
  const watch = setInterval(() => process.ppid !== parent && run.kill('SIGTERM'), 500);
  const status = await new Promise((resolve) => run.on('error', () => resolve(1)).on('close', resolve));
  clearInterval(watch);
  if (status !== 0) {
    fail(
      'The installation did not finish. Check that the npm registry answers (npm ping), then run the same command again.',
      '安装未完成。请确认能访问 npm 源（npm ping），然后重新执行同一条命令。',
    );
  }
  if (!hasNode()) {
    fail(
      `The project's own Node 22 could not be installed for ${process.platform}-${process.arch}. Run the same command again; if it stays so, install Node 22 yourself.`,
      `未能安装项目自带的 Node 22（${process.platform}-${process.arch}）。请重新执行同一条命令；若仍不行，请自行安装 Node 22。`,
    );
  }
  // A fresh node_modules has lost the native backend; what setup:native built is kept beside it and put back.
  const kept = join(root, '.native');
  if (existsSync(kept) && readdirSync(kept).some((file) => file.startsWith('tfjs_binding-')))
    spawnSync(npm, ['run', '-s', 'setup:native'], { cwd: root, stdio: ['ignore', 2, 'inherit'], shell: process.platform === 'win32' });
}

// The scripts say `exec node …`, so that no shell stands between npm and the program: it gets npm's signals, and npm
// its exit code. Windows' shell knows no exec; there it is a command that runs the rest of the line. `lean` in front
// tells the C library to give memory back that is no longer used, which it reads at a program's very beginning.
const bin = (name) => join(root, 'node_modules', '.bin', name);
const write = (name, text) => existsSync(bin(name)) || writeFileSync(bin(name), text, { mode: 0o755 });
try {
  if (process.platform === 'win32') for (const name of ['exec.cmd', 'lean.cmd']) write(name, '@%*\r\n');
  else
    write(
      'lean',
      '#!/bin/sh\nMALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=131072\nexport MALLOC_ARENA_MAX MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_\nexec "$@"\n',
    );
} catch (error) {
  fail(`node_modules cannot be written: ${error.message}`, `无法写入 node_modules：${error.message}`);
}
