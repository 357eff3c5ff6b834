import type { Config } from '../config.ts';
import { type OpenOptions, openStore, type Store } from './database.ts';
import type { OpenPostgresOptions } from './postgres/open.ts';

/** Opens what the settings name: DATABASE_URL where it is given, else DATABASE_FILE. @throws StoreError */
export async function openConfigured(
  { databaseUrl, databaseFile, databaseConnections: connections }: Pick<Config, 'databaseUrl' | 'databaseFile' | 'databaseConnections'>,
  options: OpenOptions & Pick<OpenPostgresOptions, 'onBroken' | 'name'>,
): Promise<Store> {
  if (databaseUrl === undefined) return openStore(databaseFile, options);
  // Who stays with a file need not load the driver.
  const { openPostgres } = await import('./postgres/open.ts');
  const { onCommit, onBroken, name } = options;
  return openPostgres(databaseUrl, { connections, ...(onCommit && { onCommit }), ...(onBroken && { onBroken }), ...(name && { name }) });
}
