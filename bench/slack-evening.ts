// `npm run bench -- slack-evening`: two study groups on a pretended Slack, with a lost connection, kill -9 and training.
import { parseArgs } from 'node:util';
import { playEvening } from '../test/helpers/slack/evening.ts';

const HELP = `npm run bench -- slack-evening [--players 8] [--questions 5] [--load 1]

  --players    people who play in each of the two workspaces
  --questions  questions of each quiz (at least 3: the third has the crash)
  --load       experiments that are always under way in each workspace
`;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    players: { type: 'string', default: '8' },
    questions: { type: 'string', default: '5' },
    load: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else {
  const began = Date.now();
  const say = (line: string) => process.stdout.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
  const figures = await playEvening({
    players: Number(values.players),
    questions: Number(values.questions),
    load: Number(values.load),
    say,
  });
  const { acks, edits } = figures;
  const rows: [string, string | number][] = [
    [
      'evening',
      `${figures.seconds.toFixed(0)} s, ${figures.kills} kill -9, ${figures.connections} connections, ${figures.demos} experiments`,
    ],
    ['presses', `${figures.presses}, ${figures.repeated} of them made again for want of a receipt`],
    ['answers with a receipt', figures.confirmed],
    ['lost of those', figures.lost.length],
    ['questions asked twice', figures.askedTwice.length],
    ['podiums', `${figures.podiums} of 2`],
    ['messages Slack would refuse, late acknowledgements', figures.violations.length],
    ['acknowledgement', `p50 ${acks.p50} ms, p99 ${acks.p99} ms, longest ${acks.max} ms (${acks.count})`],
    [
      'edits',
      `${edits.count}; at least ${edits.closest} ms apart on one message (rule 5000); at most ${edits.perMinute} a minute in a workspace`,
    ],
    ['end', `exit code ${figures.exitCode}`],
  ];
  process.stdout.write(`\n${rows.map(([name, value]) => `${name.padEnd(52)} ${value}`).join('\n')}\n`);
  for (const line of [...figures.lost, ...figures.askedTwice, ...figures.violations]) process.stdout.write(`  ${line}\n`);
  const wrong = figures.lost.length + figures.violations.length + figures.askedTwice.length;
  process.exitCode = wrong > 0 || figures.podiums < 2 || edits.closest < 5_000 ? 1 : 0;
}
