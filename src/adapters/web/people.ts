import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { plainName } from '../../core/names.ts';
import type { Db } from '../../store/database.ts';
import type { Schema } from '../../store/schema.ts';
import { transact } from '../../store/transact.ts';

/** A person of the playground: the id is public and says nothing, the name is a label. */
export interface WebPerson {
  id: string;
  name: string;
}

const LONGEST = 32;

/** How names are compared: as boards show them, whatever their case or width. */
function keyOf(name: string): string {
  return plainName(name).normalize('NFKC').toLowerCase();
}

/** A new person under this label. */
export function createPerson(db: Db, label: string, now: number): Promise<WebPerson> {
  return transact(db, 'web-people', async (trx) => {
    const person = { id: randomBytes(9).toString('base64url'), name: await freeName(trx, label) };
    const row = { ...person, name_key: keyOf(person.name), label_key: keyOf(label), created_at: now };
    await trx.insertInto('web_people').values(row).execute();
    return person;
  });
}

/** Another label for a person; asking for the one they have changes nothing. */
export function renamePerson(db: Db, person: WebPerson, label: string): Promise<WebPerson> {
  return transact(db, 'web-people', async (trx) => {
    if (keyOf(label) === keyOf(person.name) && label === person.name) return person;
    const name = await freeName(trx, label, person.id);
    await trx
      .updateTable('web_people')
      .set({ name, name_key: keyOf(name), label_key: keyOf(label) })
      .where('id', '=', person.id)
      .execute();
    return { ...person, name };
  });
}

/** The label, with a number behind it where another person, or what was kept under a mere name, is called so already. */
async function freeName(trx: Transaction<Schema>, label: string, own = ''): Promise<string> {
  const old = await trx.selectFrom('web_old_names').select('name').where('claimed_by', 'is', null).execute();
  const reserved = new Set(old.map(({ name }) => keyOf(name)));
  const { count } = await trx
    .selectFrom('web_people')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('label_key', '=', keyOf(label))
    .where('id', '<>', own)
    .executeTakeFirstOrThrow();
  const first = Number(count) + 1;
  for (let number = first; ; number++) {
    const name = numbered(label, number);
    const taken = await trx
      .selectFrom('web_people')
      .select('id')
      .where('name_key', '=', keyOf(name))
      .where('id', '<>', own)
      .executeTakeFirst();
    if (!taken && !reserved.has(keyOf(name))) return name;
  }
}

function numbered(label: string, number: number): string {
  if (number === 1) return label;
  const suffix = ` (${number})`;
  return `${[...label]
    .slice(0, LONGEST - suffix.length)
    .join('')
    .trim()}${suffix}`;
}
