// `npm run bench -- discord-evening`: an evening on a loopback Discord with the real program, and its figures.
import { mkdtempSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runEvening, type Waits } from '../test/helpers/discord/evening.ts';
import { hasSpec, SPEC_MISSING } from '../test/helpers/discord/spec.ts';

if (process.argv.includes('--help')) {
  process.stdout.write('npm run bench -- discord-evening [--questions N] [--training N] [--chatter N]\n');
  process.exit(0);
}
const option = (name: string, usual: number) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1] ?? usual) || usual;

if (!hasSpec) process.stdout.write(`${SPEC_MISSING}\n`);
const began = Date.now();
const report = await runEvening({
  folder: mkdtempSync(join(tmpdir(), 'evening-')),
  questions: option('questions', 4),
  training: option('training', 4),
  chatter: option('chatter', 12),
  seed: 6,
  say: (line) => process.stdout.write(`… ${line}\n`),
});
const { log, failed, invalid, acknowledged, connected, held, autocomplete, ...figures } = report;
process.stdout.write(
  `${JSON.stringify({ seconds: Math.round((Date.now() - began) / 1000), cpus: cpus().length, load: loadavg()[0], ...figures }, null, 2)}\n`,
);
process.stdout.write(`failed interactions: ${failed.length}\n${failed.map((line) => `  ${line}\n`).join('')}`);
process.stdout.write(`invalid payloads: ${invalid.length}\n${invalid.map((line) => `  ${line}\n`).join('')}`);
const row = (name: string, { count, p50, p99, max }: Waits) =>
  process.stdout.write(`${name.padEnd(65)} p50 ${p50} ms, p99 ${p99} ms, longest ${max} ms (${count})\n`);
// The loopback Discord and the bot share this machine's processors, so its own work is part of every figure.
row('acknowledgement, all (limit 3000)', acknowledged);
row('  over a live connection (aim 500)', connected);
row('  held by the gateway during its reconnect (discord.js waits 500)', held);
row('autocomplete (aim 100)', autocomplete);
const errors = log.split('\n').filter((line) => /"level":(50|60)/.test(line));
process.stdout.write(`errors in the log: ${errors.length}\n${errors.slice(0, 10).join('\n')}\n`);
process.exitCode = failed.length + invalid.length > 0 ? 1 : 0;
