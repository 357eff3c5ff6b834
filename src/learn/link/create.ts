import type { Transaction } from 'kysely';
import { UserError } from '../../core/errors.ts';
import { createBuckets } from '../../core/limits.ts';
import { plainName } from '../../core/names.ts';
import type { Services } from '../../services.ts';
import type { Schema } from '../../store/schema.ts';
import { transact } from '../../store/transact.ts';
import { type Asker, accountOf, accountsOf, isSame, personOf } from '../person.ts';
import { partIn } from '../playing.ts';
import type { Person } from '../service.ts';
import { findCode, type Giver, giveCode, useCode } from './codes.ts';
import { foldPlayground } from './fold.ts';
import { mergeLearning } from './merge.ts';
import type { Links } from './service.ts';

type Trx = Transaction<Schema>;

/** Wrong codes of one account, and of all together: with 40 bits, a guess in ten minutes is one chance in millions of millions. */
const FROM_ONE = { burst: 5, perSecond: 1 / 120 };
const FROM_ALL = { burst: 100, perSecond: 1 / 6 };

export function createLinks({ store, clock, log, changes }: Pick<Services, 'store' | 'clock' | 'log' | 'changes'>): Links {
  const { db } = store;
  const one = createBuckets(clock, FROM_ONE);
  const all = createBuckets(clock, FROM_ALL);
  const accountIn = ({ platform, space, user }: Asker): Person => ({ platform, space, user_id: user.id });

  /** A code is counted as an attempt before it is looked at; a right one is given back. */
  const find = async (asker: Asker, code: string): Promise<Giver> => {
    const key = `${asker.platform}/${asker.space}/${asker.user.id}`;
    const seconds = one(key) || all('');
    if (seconds > 0) throw new UserError('link-too-many', { minutes: Math.ceil(seconds / 60) });
    const giver = await findCode(db, code, clock.now());
    if (!giver) throw new UserError('link-wrong-code');
    one(key, -1);
    all('', -1);
    return giver;
  };
  const keyOf = ({ platform, space, user_id }: Person) => personOf(db, { platform, space, user: { id: user_id } } as Asker);
  const isOldName = async (name: string) =>
    (await db.selectFrom('web_old_names').select('name').where('name', '=', name).where('claimed_by', 'is', null).executeTakeFirst()) !==
    undefined;
  const ofOldName = async ({ account }: Giver) => account.platform === 'web' && (await isOldName(account.user_id));

  const look = async (asker: Asker, code: string) => {
    const giver = await find(asker, code);
    if (isSame(await keyOf(giver.account), await personOf(db, asker))) throw new UserError('link-yourself');
    return { giver, told: { name: plainName(giver.name), platform: giver.account.platform } };
  };

  /** @param used takes the code away in the same transaction; false when somebody was faster. */
  const join = async (from: Person, to: Person, used: (trx: Trx) => Promise<boolean>): Promise<void> => {
    const told = await transact(db, 'links', async (trx) => {
      if (!(await used(trx))) throw new UserError('link-wrong-code');
      const joining = await accountsOf(trx, from);
      const staying = await accountsOf(trx, to);
      // Where ids are the same everywhere, the whole account is the person, not only what it is on one server.
      for (const account of [...joining, ...staying]) {
        await linkTo(trx, account, to);
        await mergeLearning(trx, account, to);
      }
      const [main, ...others] = await inPlayground(trx, [...staying, ...joining]);
      for (const id of others) {
        // A quiz that runs keeps its players in memory, by their ids.
        if (await partIn(trx, { platform: 'web', space: 'local', user_id: id }, { overDays: true }))
          throw new UserError('link-quiz-running');
        await foldPlayground(trx, id, main!);
      }
      return [...joining, ...staying];
    });
    for (const account of told) changes.tell(account);
    log.info({ from: from.platform, to: to.platform }, 'two accounts are one person');
  };

  const links: Links = {
    give: async (asker) => giveCode(db, { account: accountIn(asker), name: asker.user.name }, clock.now()),
    look: async (asker, code) => (await look(asker, code)).told,
    async take(asker, code) {
      const { giver, told } = await look(asker, code);
      const use = (trx: Trx) => useCode(trx, code);
      // An old name is nobody: it joins whoever the host gave its code to.
      if (await ofOldName(giver)) await takeOldName(giver.account.user_id, await personOf(db, asker), use);
      else await join(await personOf(db, asker), await keyOf(giver.account), use);
      return told;
    },
    async others(asker) {
      const own = accountOf(accountIn(asker));
      return (await accountsOf(db, await personOf(db, asker))).filter((account) => !isSame(account, own));
    },
    async oldNames() {
      const rows = await db.selectFrom('web_old_names').select('name').where('claimed_by', 'is', null).orderBy('name').execute();
      return rows.map(({ name }) => name);
    },
    claim: async (asker, name) => takeOldName(name, await personOf(db, asker), async () => true),
    async giveOldName(name) {
      if (!(await isOldName(name))) throw new UserError('old-name-taken', { name: name.slice(0, 32) });
      return giveCode(db, { account: { platform: 'web', space: 'local', user_id: name }, name }, clock.now());
    },
  };

  const takeOldName = async (name: string, to: Person, used: (trx: Trx) => Promise<boolean>): Promise<void> => {
    const from = { platform: 'web', space: 'local', user_id: name };
    await join(from, to, async (trx) => {
      if (!(await used(trx))) return false;
      const { numUpdatedRows } = await trx
        .updateTable('web_old_names')
        .set({ claimed_by: to.user_id })
        .where('name', '=', name)
        .where('claimed_by', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new UserError('old-name-taken', { name: name.slice(0, 32) });
      return true;
    });
  };
  return links;
}

/** Notes that the account is the person's; their own key needs no note. */
async function linkTo(trx: Trx, account: Person, to: Person): Promise<void> {
  if (isSame(account, to)) return;
  const person = { person_platform: to.platform, person_space: to.space, person_id: to.user_id };
  await trx
    .insertInto('accounts')
    .values({ ...account, ...person })
    .onConflict((conflict) => conflict.columns(['platform', 'space', 'user_id']).doUpdateSet(person))
    .execute();
}

/** People of the playground among some accounts, the one to go on as first: one with a browser, if any has. */
async function inPlayground(trx: Trx, accounts: readonly Person[]): Promise<string[]> {
  const ids = accounts.filter(({ platform }) => platform === 'web').map(({ user_id }) => user_id);
  if (ids.length === 0) return [];
  const rows = await trx.selectFrom('web_sessions').select('person').distinct().where('person', 'in', ids).execute();
  const open = new Set(rows.map(({ person }) => person));
  return [...ids.filter((id) => open.has(id)), ...ids.filter((id) => !open.has(id))];
}
