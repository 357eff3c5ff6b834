// Runs before every npm script, under whatever Node the machine has, so it uses nothing but Node itself.
// Installs when node_modules is absent or older than the lockfile, so that `npm start` and `npm test` are
// enough on a fresh clone.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockfile = join(root, 'package-lock.json');
const installed = join(root, 'node_modules', '.package-lock.json');

// npm writes .package-lock.json last, so its presence means that the previous install was complete. A git
// checkout can give the lockfile a newer date with the same content; then the names and versions decide.
const isFresh = () => {
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs) return true;
  const wanted = JSON.parse(readFileSync(lockfile, 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => path === '' || entry.optional || have[path]?.version === entry.version);
};

if (!isFresh()) {
  process.stderr.write('Installing packages (first start, or the lockfile changed) …\n');
  // No install script is needed by anything we use; skipping them avoids waiting for the one download that
  // does not answer everywhere (libtensorflow). `npm run setup:native` adds the native backend.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const run = spawnSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) {
    process.stderr.write(
      '\nThe installation did not finish. Check that the npm registry answers (npm ping), then run the same command again.\n' +
        '安装未完成。请确认能访问 npm 源(npm ping),然后重新执行同一条命令。\n',
    );
    process.exit(1);
  }
  // A fresh node_modules has lost the native backend; what setup:native built is kept beside it and put back.
  const kept = join(root, '.native');
  if (existsSync(kept) && readdirSync(kept).some((file) => file.startsWith('tfjs_binding-')))
    spawnSync(npm, ['run', '-s', 'setup:native'], { cwd: root, stdio: ['ignore', 2, 'inherit'], shell: process.platform === 'win32' });
}
