import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { registry } from '../commands/index.ts';
import { runInteractive } from './adapters/terminal/interactive.ts';
import { runJsonMode } from './adapters/terminal/json-mode.ts';
import { readConfig } from './config.ts';
import { createDispatch } from './core/dispatch.ts';
import { toLocale } from './core/locale.ts';
import { ALL } from './core/roles.ts';
import { createServices } from './create-services.ts';
import { explainStartError } from './start-errors.ts';
import { holdDatabase } from './store/hold.ts';

const HELP = `Gradient Tutor in the terminal. 终端里的 Gradient Tutor。

npm run chat                        talk to it; Tab completes, #1 presses a button / 交互聊天
npm run -s chat -- --json           one request a line in, one JSON reply a line out / 每行一个请求，每行一个 JSON 回复

  --json            JSON lines / JSON 行模式
  --locale zh|en    language / 语言
  --db FILE         database file / 数据库文件
  --content DIR     content folder / 内容文件夹
  --out DIR         where charts and files are written (default: data/charts) / 图表和文件保存位置
  --help            this text / 本说明
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      locale: { type: 'string' },
      db: { type: 'string' },
      content: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const given = readConfig({
    // A person who chats wants replies, not log lines; both go to different streams all the same.
    LOG_LEVEL: 'error',
    ...process.env,
    // What the servers share out among themselves is no matter of the person at this terminal.
    ROLE: ALL,
    ...(values.db && { DATABASE_FILE: values.db }),
    ...(values.content && { CONTENT_DIR: values.content }),
    ...(values.locale && { DEFAULT_LOCALE: values.locale }),
  });
  const locale = toLocale(values.locale);
  const hold =
    given.databaseUrl === undefined ? holdDatabase(given.databaseFile, 'npm run chat', Date.now()) : { release: () => undefined };
  const services = await createServices({ config: given, registry });
  if (given.roles.has('lab')) await services.demos.serve();
  const dispatch = createDispatch(registry, services);
  const data = dirname(given.databaseFile);
  const common = { out: values.out ?? join(data, 'charts'), ...(locale && { locale }) };
  try {
    if (values.json) {
      await runJsonMode(services, dispatch, {
        ...common,
        input: process.stdin,
        write: (line) => process.stdout.write(line),
      });
    } else {
      await runInteractive(services, dispatch, {
        ...common,
        user: userInfo().username,
        historyFile: join(data, 'chat-history'),
      });
    }
  } finally {
    await services.close();
    hold.release();
  }
}

// `chat -- --json | head -1`: whoever reads has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
main().catch(explainStartError);
