// `npm run slack:manifest`: writes slack-manifest.json, which Slack makes the app from (docs/slack.md).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from '../commands/index.ts';
import { createManifest } from '../src/adapters/slack/manifest.ts';

export const MANIFEST = join(import.meta.dirname, '..', 'slack-manifest.json');

const HELP = `npm run slack:manifest                                    writes slack-manifest.json (Socket Mode)
npm run slack:manifest -- --url https://tutor.example.org   the same for SLACK_MODE=http or for several workspaces

  --url URL   https address of your program as Slack and people reach it
  --out FILE  another file than slack-manifest.json
  --help      this text
`;

/** The manifest's text; a test compares it with the file. */
export function manifestText(url?: string): string {
  return `${JSON.stringify(createManifest(registry, url), null, 2)}\n`;
}

function main(): void {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, out: { type: 'string', default: MANIFEST }, help: { type: 'boolean', default: false } },
  });
  if (values.help) process.stdout.write(HELP);
  else if (values.url === undefined || (/^https:\/\//.test(values.url) && URL.canParse(values.url))) {
    writeFileSync(values.out, manifestText(values.url));
    process.stdout.write(`${values.out}\nPaste it at https://api.slack.com/apps: see docs/slack.md, steps 2 and 3.\n`);
  } else {
    process.stderr.write(`--url ${values.url}: Slack takes addresses that begin with https:// only.\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\nSee: npm run slack:manifest -- --help\n`);
    process.exitCode = 1;
  }
}
