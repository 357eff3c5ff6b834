// `npm run bench -- web`: 200 pages on one room while 50 messages a second are said, against the real program in a
// process of its own, and against a bare server of the same run that only passes on what is said; then the first paint
// of every view in Chromium. Prints tables.
import { type ChildProcess, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { tableToText } from '../src/core/reply.ts';
import { findChromium, launchChromium } from '../test/helpers/chromium.ts';
import { settled, startBare, startServer } from './lib/server.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    pages: { type: 'string', default: '200' },
    rate: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '20' },
    'no-paint': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run bench -- web [options]
  --pages N     pages that follow the room (200)
  --rate N      messages a second (50)
  --seconds N   for so long (20)
  --no-paint    without Chromium
`;
const PAGES = Number(values.pages);
const RATE = Number(values.rate);
const SECONDS = Number(values.seconds);

/** Each line is shown to the room, and so is its short answer: two deliveries a page. */
const LINE = '/scores today';

if (values.help) process.stdout.write(HELP);
else {
  const folder = mkdtempSync(join(tmpdir(), 'bench-web-'));
  const { server, url } = await startServer(folder);
  try {
    await settled(server);
    const ours = await benchDelivery(url, server);
    process.stdout.write(`${ours.told}\n\n`);
    const bare = await startBare(ours.lengths[0], ours.lengths[1]);
    const peer = await benchDelivery(bare.url, bare.server).finally(() => bare.server.kill('SIGKILL'));
    process.stdout.write(`A bare server that passes on as many bytes:\n${peer.told}\n\n${compared(ours, peer)}\n\n`);
    const chromium = values['no-paint'] ? undefined : findChromium();
    process.stdout.write(chromium ? `${await benchPaint(url, chromium)}\n` : 'No Chromium: no paint times.\n');
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Delivery {
  told: string;
  /** The 99th percentile of what was said and of its answers, in ms. */
  p99: [number, number];
  /** Letters of the last line and of its answer as a page was sent them. */
  lengths: [number, number];
}

/** Says lines at a fixed rate; each page notes when each line came. The clock begins when a line should be sent. */
async function benchDelivery(url: string, server: ChildProcess): Promise<Delivery> {
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  const sentAt = new Map<string, number>();
  const delays: number[] = [];
  const answers: number[] = [];
  const lengths: [number, number] = [0, 0];
  let came = 0;
  let twice = 0;
  const total = RATE * SECONDS;
  const tokens: string[] = [];
  for (let i = 0; i < PAGES; i++) tokens.push(await tokenFor(url, `p${i}`));
  const pages = await Promise.all(
    Array.from({ length: PAGES }, (_, i) =>
      follow(url, tokens[i]!, new Agent(), (id, seen, letters) => {
        const at = sentAt.get(id.slice(2));
        if (at === undefined) return;
        if (seen) twice++;
        else if (id.startsWith('u:')) {
          came++;
          lengths[0] = letters;
          delays.push(performance.now() - at);
        } else {
          lengths[1] = letters;
          answers.push(performance.now() - at);
        }
      }),
    ),
  );
  const refused = { count: 0 };
  const started = performance.now();
  for (let i = 0; i < total; i++) {
    const due = started + (i * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    sentAt.set(`m${i}`, due);
    say(url, agent, tokens[i % PAGES]!, { id: `m${i}`, text: LINE }, refused);
  }
  // Those on their way may still arrive.
  for (let i = 0; i < 100 && (came < total * PAGES || answers.length < total * PAGES); i++) await sleep(100);
  const spent = (performance.now() - started) / 1000;
  for (const close of pages) close();
  agent.destroy();
  const row = (name: string, list: number[]) => [
    ...[name, String(list.length), String(total * PAGES - list.length)],
    ...[0.5, 0.95, 0.99, 1].map((share) => `${quantile(list, share).toFixed(0)} ms`),
  ];
  const table = tableToText(
    ['delivery', 'deliveries', 'missing', 'p50', 'p95', 'p99', 'max'],
    [row('what was said', delays), row('the answers', answers)],
  );
  const told = `${PAGES} pages, ${RATE} messages/s for ${SECONDS} s (took ${spent.toFixed(1)} s), ${refused.count} refused, ${twice} delivered twice\n${usage(server)}\n${table}`;
  return { told, p99: [quantile(delays, 0.99), quantile(answers, 0.99)], lengths };
}

/** @param list sorted in place; NaN for an empty one */
function quantile(list: number[], share: number): number {
  const sorted = list.sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

function compared(ours: Delivery, peer: Delivery): string {
  const times = (one: number, other: number) => `${(one / other).toFixed(1)} ×`;
  return `Against it: p99 of what was said ${times(ours.p99[0], peer.p99[0])}, of the answers ${times(ours.p99[1], peer.p99[1])}`;
}

/** Somebody to be; one after the other, since so many at once would be slowed down. */
async function tokenFor(url: string, user: string): Promise<string> {
  const response = await fetch(`${url}/api/tokens`, { method: 'POST', body: JSON.stringify({ user }) });
  return ((await response.json()) as { token: string }).token;
}

/** Follows the room as a page does. `heard` is told the id of each message and whether this page had it before. */
function follow(
  url: string,
  token: string,
  agent: Agent,
  heard: (id: string, seen: boolean, letters: number) => void,
): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const seen = new Set<string>();
    const req = get(`${url}/api/rooms/bench/events`, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop()!;
        for (const part of parts) {
          if (part.startsWith('event: ready')) resolve(() => req.destroy());
          if (!part.startsWith('event: message')) continue;
          // The id stands at the beginning, so the rest need not be read.
          const id = /"id":"([^"]+)"/.exec(part)![1]!;
          heard(id, seen.has(id), part.length);
          seen.add(id);
        }
      });
    });
    req.on('error', reject);
  });
}

function say(url: string, agent: Agent, token: string, body: unknown, refused: { count: number }): void {
  const req = request(
    `${url}/api/rooms/bench/messages`,
    { method: 'POST', agent, headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` } },
    (response) => {
      if (response.statusCode !== 200) refused.count++;
      response.resume();
    },
  );
  req.on('error', () => refused.count++);
  req.end(JSON.stringify(body));
}

/** Memory and processor time of the server, which tells its own cost apart from a machine that is busy otherwise. */
function usage({ pid }: ChildProcess): string {
  const [rss, time] = execFileSync('ps', ['-o', 'rss=,cputimes=', '-p', String(pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  const own = process.cpuUsage();
  return `server ${Math.round(Number(rss) / 1024)} MB and ${time} s of processor, the pages ${((own.user + own.system) / 1e6).toFixed(0)} s; load of the machine ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} processors`;
}

/** First contentful paint and what was loaded, with an empty cache; the median of five. */
async function benchPaint(url: string, executablePath: string): Promise<string> {
  const browser = await launchChromium(executablePath);
  const rows: string[][] = [];
  try {
    for (const path of ['/r/fresh', '/lab', '/scores', '/progress', '/host']) {
      const paints: number[] = [];
      let bytes = 0;
      for (let i = 0; i < 5; i++) {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(url + path, { waitUntil: 'load' });
        await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
        const [paint, loaded] = (await page.evaluate(`[performance.getEntriesByName('first-contentful-paint')[0].startTime,
          performance.getEntriesByType('resource').filter(({ name }) => !/woff2|images/.test(name)).reduce((sum, one) => sum + one.encodedBodySize, 0)]`)) as [
          number,
          number,
        ];
        paints.push(paint);
        bytes = loaded;
        await context.close();
      }
      rows.push([path, `${paints.sort((a, b) => a - b)[2]!.toFixed(0)} ms`, `${(bytes / 1000).toFixed(0)} kB`]);
    }
  } finally {
    await browser.close();
  }
  return tableToText(['view', 'first paint', 'before fonts and charts'], rows);
}
