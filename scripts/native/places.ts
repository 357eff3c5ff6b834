import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** libtensorflow of this version has the C interface that tfjs-node 4.22 was written for, and its wheel holds it as a library of its own. */
export const TENSORFLOW = '2.15.1';
/** The addon speaks Node-API 8, which every Node since 18 has. */
export const NAPI = 'napi-v8';

export interface Places {
  /** Downloads and built files; may be deleted at any time. */
  home: string;
  log: string;
  wheels: string;
  /** Holds `lib/` and `include/`. */
  tensorflow: string;
  addon: string;
  /** The installed package @tensorflow/tfjs-node. */
  tfjsNode: string | undefined;
}

export function placesIn(home: string): Places {
  return {
    home,
    log: join(home, 'setup.log'),
    wheels: join(home, 'wheels'),
    tensorflow: join(home, `tensorflow-${TENSORFLOW}`),
    addon: join(home, `tfjs_binding-${TENSORFLOW}-${NAPI}.node`),
    tfjsNode: packageFolder('@tensorflow/tfjs-node'),
  };
}

/** The folder of an installed package, found without loading it. */
export function packageFolder(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

export interface Finished {
  /** null when it could not be started. */
  code: number | null;
  /** The end of what it said. */
  output: string;
}

/** Runs a program; all it says goes to the log. */
export function runLogged(
  places: Places,
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; onOutput?: (text: string) => void } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const log = createWriteStream(places.log, { flags: 'a' });
    log.write(`\n$ ${command} ${args.join(' ')}\n`);
    let output = '';
    const child = spawn(command, args, {
      ...(options.cwd && { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        log.write(chunk);
        output = (output + String(chunk)).slice(-4_000);
        options.onOutput?.(String(chunk));
      });
    const finish = (code: number | null) => log.end(() => resolve({ code, output }));
    child.on('error', () => finish(null));
    child.on('close', finish);
  });
}
