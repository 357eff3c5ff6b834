import type { Request, User } from '../core/request.ts';
import type { Db } from '../store/database.ts';
import type { NoteManagerRow } from '../store/own-notes-rows.ts';
import type { Space } from './service.ts';

/** A role or a person that may publish. */
export type ManagerRef = Pick<NoteManagerRow, 'kind' | 'id'>;

/** Who may publish in a space, beside those who look after it. */
export interface Managers {
  list(space: Space): Promise<ManagerRef[]>;
  add(space: Space, who: ManagerRef): Promise<void>;
  /** @returns whether they were one */
  remove(space: Space, who: ManagerRef): Promise<boolean>;
  mayPublish(request: Pick<Request, 'platform' | 'space'> & { user: User }): Promise<boolean>;
}

export function createManagers(db: Db): Managers {
  const here = ({ platform, space }: Space) => ({ platform, space });
  const list: Managers['list'] = (space) =>
    db
      .selectFrom('note_managers')
      .select(['kind', 'id'])
      .where((eb) => eb.and(here(space)))
      .orderBy('kind')
      .orderBy('id')
      .execute();
  return {
    list,
    async add(space, { kind, id }) {
      await db
        .insertInto('note_managers')
        .values({ ...here(space), kind, id })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async remove(space, { kind, id }) {
      const { numDeletedRows } = await db
        .deleteFrom('note_managers')
        .where((eb) => eb.and({ ...here(space), kind, id }))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async mayPublish({ user, ...space }) {
      if (user.manager) return true;
      const named = await list(space);
      return named.some(({ kind, id }) => (kind === 'user' ? id === user.id : (user.roles ?? []).includes(id)));
    },
  };
}

/** `<@&123>` (a role), `<@123>`, `<@!123>`, `<@U12|ana>` (a person), or a bare id. */
export function readManager(typed: string): ManagerRef | undefined {
  const match = /^<@([&!]?)([\w-]{1,64})(?:\|[^>]*)?>$|^([\w-]{1,64})$/.exec(typed.trim());
  if (!match) return undefined;
  return { kind: match[1] === '&' ? 'role' : 'user', id: (match[2] ?? match[3])! };
}
