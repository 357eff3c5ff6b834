import { inviteLink } from './permissions.ts';
import type { Session } from './session.ts';
import type { Speaking } from './speaking.ts';

/** Brings the list of commands up to date, and tells the host how to add the bot to a server. */
export async function announce(speaking: Speaking, { client }: Session): Promise<void> {
  await speaking.commands(true);
  process.stderr.write(`\n  Discord: ${client.user?.tag}. Add the bot to a server: ${inviteLink(client.application!.id)}\n\n`);
}
