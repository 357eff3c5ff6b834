import { createServer } from 'node:net';
import { WebClient } from '@slack/web-api';
import { createEmulator } from 'emulate';
import { BOT_SCOPES } from '../../../src/adapters/slack/manifest.ts';

/** Rights of the people who look at what the bot did; the bot itself has only those of its manifest. */
const READER = [
  ...['channels:read', 'channels:history', 'channels:manage', 'groups:read', 'groups:history', 'groups:write', 'im:read', 'im:history'],
  ...['im:write', 'mpim:history', 'files:read', 'users:read', 'chat:write'],
];

export interface Member {
  id: string;
  name: string;
  /** A client of this person's own, which shares nothing with the bot's. */
  client: WebClient;
}

/** One workspace of `emulate`, whose Web API we did not write. */
export interface Workspace {
  team: string;
  /** Where the emulator listens; the team id it uses is always the same, see slack-com.ts. */
  url: string;
  botToken: string;
  bot: Member;
  /** Channel ids by name. */
  channels: Record<string, string>;
  member(name: string): Member;
  close(): Promise<void>;
}

export interface WorkspaceOptions {
  team: string;
  people: readonly string[];
  channels?: readonly string[];
  scopes?: readonly string[];
  oauth?: { clientId: string; clientSecret: string };
}

export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { team, people, channels = ['study'], scopes = BOT_SCOPES, oauth } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const botToken = `xoxb-${team}`;
  const names = [...people, 'tutor'];
  const slack = {
    team: { name: team, domain: team.toLowerCase() },
    users: names.map((name, i) => ({ name, real_name: name, is_admin: i === 0 })),
    channels: channels.map((name) => ({ name })),
    tokens: [
      ...people.map((name) => ({ token: `xoxp-${team}-${name}`, user: name, scopes: READER })),
      { token: botToken, user: 'tutor', scopes: [...scopes] },
    ],
    strict_scopes: true,
    ...(oauth && {
      oauth_apps: [
        {
          client_id: oauth.clientId,
          client_secret: oauth.clientSecret,
          name: 'Gradient Tutor',
          redirect_uris: [],
          scopes: [...BOT_SCOPES],
        },
      ],
    }),
  };
  const emulator = await createEmulator({ service: 'slack', port, baseUrl: url, seed: { slack } as never });
  // The emulator drops idle connections just when one is used again; people are patient.
  const client = (token: string) =>
    new WebClient(token, { slackApiUrl: `${url}/api/`, retryConfig: { retries: 3, minTimeout: 50, maxTimeout: 200 } });
  const admin = client(`xoxp-${team}-${people[0]}`);
  const { members = [] } = await admin.users.list({});
  const { channels: found = [] } = await admin.conversations.list({ types: 'public_channel' });
  const known = new Map(
    names.map((name): [string, Member] => [
      name,
      { id: members.find((user) => user.name === name)!.id!, name, client: client(name === 'tutor' ? botToken : `xoxp-${team}-${name}`) },
    ]),
  );
  return {
    team,
    url,
    botToken,
    bot: known.get('tutor')!,
    channels: Object.fromEntries(found.map(({ name, id }) => [name!, id!])),
    member: (name) => known.get(name) ?? raise(`nobody is called ${name}`),
    close: () => emulator.close(),
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function raise(message: string): never {
  throw new Error(message);
}
