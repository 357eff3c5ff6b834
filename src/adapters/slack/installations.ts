import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';
import type { Db } from '../../store/database.ts';
import { wipe } from '../../store/wipe.ts';

/** Where the app is installed, when it serves several workspaces. */
export interface Installations extends InstallationStore {
  /** The bot token for a space, see spaceOf; undefined where the app is not installed. */
  token(space: string): Promise<string | undefined>;
  count(): Promise<number>;
}

/**
 * A workspace as a space of ours: its team id, which is in every table. Where the app is installed for a whole
 * organisation, the organisation stands before it, since the token is found there.
 */
export function spaceOf(context: {
  teamId?: string | undefined;
  enterpriseId?: string | undefined;
  isEnterpriseInstall?: boolean;
}): string {
  const { teamId, enterpriseId, isEnterpriseInstall } = context;
  return isEnterpriseInstall && enterpriseId ? `${enterpriseId}/${teamId ?? ''}` : (teamId ?? '');
}

/**
 * Installations in our own database: one row a workspace or organisation, gone when the app is removed there. A token
 * that is no longer needed, since the app was removed or installed anew, is taken off the disk too.
 */
export function createInstallations(db: Db, now: () => number): Installations {
  const find = (id: string) => db.selectFrom('slack_installations').selectAll().where('id', '=', id).executeTakeFirst();
  return {
    async storeInstallation(installation) {
      const id = idOf(installation);
      // Who installed it is nobody's business here.
      const known = await find(id);
      const row = { body: JSON.stringify({ ...installation, user: { id: '' } }), installed_at: now() };
      await db
        .insertInto('slack_installations')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
      // It was removed before: what was to be erased there stays.
      await db
        .deleteFrom('left_spaces')
        .where('platform', '=', 'slack')
        .where((eb) => eb.or([eb('space', '=', id), eb('space', 'like', `${id}/%`)]))
        .execute();
      if (known) await wipe(db);
    },
    async fetchInstallation(query) {
      const row = await find(queryId(query));
      if (!row) throw new Error(`the app is not installed in ${queryId(query)}`);
      return JSON.parse(row.body) as Installation;
    },
    async deleteInstallation(query) {
      const { numDeletedRows } = await db.deleteFrom('slack_installations').where('id', '=', queryId(query)).executeTakeFirst();
      if (numDeletedRows > 0n) await wipe(db);
    },
    async token(space) {
      const row = await find(space.split('/')[0]!);
      return row && (JSON.parse(row.body) as Installation).bot?.token;
    },
    async count() {
      const { count } = await db
        .selectFrom('slack_installations')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

function idOf({ isEnterpriseInstall, enterprise, team }: Installation): string {
  const id = isEnterpriseInstall ? enterprise?.id : team?.id;
  if (!id) throw new Error('Slack named neither a workspace nor an organisation in the installation');
  return id;
}

function queryId({ isEnterpriseInstall, enterpriseId, teamId }: InstallationQuery<boolean>): string {
  return (isEnterpriseInstall ? enterpriseId : teamId) ?? '';
}
