import { troubleOf } from '../../core/trouble.ts';
import type { Services } from '../../services.ts';

/**
 * Whether an interaction or a message is ours to answer, in all processes. While the database cannot tell, Discord
 * does: it takes one acknowledgement of an interaction, and posts what has the same nonce once.
 */
export async function isFirst({ cluster, deliveries }: Pick<Services, 'cluster' | 'deliveries'>, id: string): Promise<boolean> {
  if ((await cluster?.sure()) === 'unknown') return true;
  try {
    return await deliveries.take('discord', id, true);
  } catch (error) {
    if (troubleOf(error)) return true;
    throw error;
  }
}
