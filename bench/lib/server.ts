import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

/** The real program in a process of its own, which the caller ends. */
export async function startServer(folder: string): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [join(root, 'src/main.ts')], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', CONTENT_DIR: join(root, 'content'), PORT: '0', LOG_LEVEL: 'error' },
  });
  return { server, url: await addressOf(server) };
}

/** The peer of the page's server, which sends so many letters for a line and for its answer. */
export async function startBare(line: number, answer: number): Promise<{ server: ChildProcess; url: string }> {
  const server = spawn(process.execPath, [join(root, 'bench/lib/bare-sse.ts'), String(line), String(answer)]);
  return { server, url: await addressOf(server) };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise<string>((resolve) => {
    let said = '';
    server.stderr!.on('data', (chunk) => {
      said += chunk;
      const found = /http:\/\/[\d.:]+/.exec(said)?.[0];
      if (found) resolve(found);
    });
  });
}

/** A first start learns from the notes in the background; what is measured is a program that has done so. */
export async function settled({ pid }: ChildProcess): Promise<void> {
  const spent = () => execFileSync('ps', ['-o', 'cputimes=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  for (let before = '', calm = 0, tries = 0; calm < 3 && tries < 120; tries++) {
    await sleep(1000);
    const now = spent();
    calm = now === before ? calm + 1 : 0;
    before = now;
  }
}
