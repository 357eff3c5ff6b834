// One process of several over a Postgres: the playground with its services. Started by the tests beside it.
import { startPlayground } from '../helpers/playground.ts';

const [folder, url, content, ahead = '0'] = process.argv.slice(2);
const real = Date.now;
// Another machine's clock may differ.
Date.now = () => real() + Number(ahead);
const program = await startPlayground({
  folder: folder!,
  freshSeed: () => 7,
  env: { DATABASE_URL: url!, CONTENT_DIR: content!, DATABASE_CONNECTIONS: '5', LOG_LEVEL: 'warn' },
});
process.on('message', (what) => {
  if (what === 'stop') void program.close().then(() => process.exit());
});
process.on('disconnect', () => process.exit());
process.send!({ url: program.url });
