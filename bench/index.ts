// `npm run bench -- NAME`: runs bench/NAME.ts. Figures are ratios against a peer in the same run, never a test.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  .map((file) => file.slice(0, -3));
const name = process.argv[2];

if (name && names.includes(name)) await import(join(import.meta.dirname, `${name}.ts`));
else {
  process.stdout.write(`npm run bench -- NAME [options]\nNAME is one of: ${names.join(', ')}\n`);
  process.exitCode = name === undefined || name === '--help' ? 0 : 1;
}
