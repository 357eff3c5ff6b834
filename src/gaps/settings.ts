import { z } from 'zod';
import type { Space } from '../own-notes/service.ts';
import type { Db } from '../store/database.ts';
import type { DigestPlan, SpaceSettings } from './service.ts';

const plan = z.object({ room: z.string(), zone: z.string(), hour: z.number().int().min(0).max(23), by: z.string().optional() });

/** What managers decided, read anew each time: another process may have changed it. */
export function createSpaceSettings(db: Db) {
  const keyOf = ({ platform, space }: Space) => ({ platform, space });

  const settings = async (space: Space): Promise<SpaceSettings> => {
    const rows = await db
      .selectFrom('space_settings')
      .select(['name', 'value'])
      .where((eb) => eb.and(keyOf(space)))
      .execute();
    const values = new Map(rows.map(({ name, value }) => [name, value]));
    return { gaps: values.get('gaps') === 'on', feedback: values.get('feedback') !== 'off', digest: readPlan(values.get('digest')) };
  };

  const write = (space: Space, name: string, value: string) =>
    db
      .insertInto('space_settings')
      .values({ ...keyOf(space), name, value })
      .onConflict((conflict) => conflict.columns(['platform', 'space', 'name']).doUpdateSet({ value }))
      .execute();

  return {
    settings,
    async set(space: Space, change: Partial<SpaceSettings>): Promise<SpaceSettings> {
      if (change.gaps !== undefined) await write(space, 'gaps', change.gaps ? 'on' : 'off');
      if (change.feedback !== undefined) await write(space, 'feedback', change.feedback ? 'on' : 'off');
      if ('digest' in change) await write(space, 'digest', change.digest ? JSON.stringify(change.digest) : 'off');
      return settings(space);
    },
    /** Spaces that want a digest. */
    async withDigest(): Promise<(Space & { plan: DigestPlan })[]> {
      const rows = await db.selectFrom('space_settings').selectAll().where('name', '=', 'digest').execute();
      return rows.flatMap(({ platform, space, value }) => {
        const found = readPlan(value);
        return found ? [{ platform: platform as Space['platform'], space, plan: found }] : [];
      });
    },
  };
}

function readPlan(value: string | undefined): DigestPlan | undefined {
  if (value === undefined || value === 'off') return undefined;
  try {
    return plan.parse(JSON.parse(value));
  } catch {
    return undefined;
  }
}
