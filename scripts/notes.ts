// `npm run notes -- import FILE.md`: turns a raw notes file into topic folders. `npm run notes -- check`: see content:check.
import { copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createTwoFilesPatch } from 'diff';
import { readConfig } from '../src/config.ts';
import { LOCALES, type Locale, type Localized, localize, toLocale } from '../src/core/locale.ts';
import { decodeText } from '../src/notes/decode-text.ts';
import { picturesBeside, takePictures } from '../src/notes/import/pictures.ts';
import { planImport } from '../src/notes/import/plan.ts';
import { readRawNotes } from '../src/notes/import/raw.ts';
import { countsTable, importReport, leftOut, notImported } from '../src/notes/import/report.ts';
import { loadContent } from '../src/notes/load.ts';

const HELP = `npm run notes -- import FILE.md [--lang zh|en] [--content DIR] [--dry-run] [--overwrite]
npm run notes -- check [--content DIR]                 the same as npm run content:check

Turns a raw notes file (headings, text, lists of links) into topic folders: one for each heading.
把一份原始笔记（标题、正文、链接列表）变成主题文件夹，每个标题一个。

  --lang         language of the file (default: what it is mostly written in) / 文件的语言
  --content DIR  where topics/ is (default: CONTENT_DIR) / 内容文件夹
  --dry-run      shows what would change, writes nothing / 只显示改动，不写入
  --overwrite    replaces topic files that differ; without it they are kept / 覆盖已有且不同的文件

It ends with 2 when something of the file is not in the topics; the last line says how much.
有内容没有导入时退出码为 2，最后一行说明数量。

An id of your own: # What is a gradient {#gradient}
`;
const MAX_RAW = 5 * 1024 * 1024;

/** The report is in the language of the terminal, or the one that DEFAULT_LOCALE names. */
const reader: Locale = toLocale(process.env.DEFAULT_LOCALE) ?? toLocale(process.env.LC_ALL || process.env.LANG) ?? 'en';
const say = (text: Localized) => localize(text, reader);

/** Ends the program with a message; nothing has been written yet. */
class UsageError extends Error {}

function readRaw(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile())
    throw new UsageError(
      say({
        en: `${file} is not there. Name a Markdown file: npm run notes -- import FILE.md`,
        zh: `没有文件 ${file}。请给出一个 Markdown 文件：npm run notes -- import FILE.md`,
      }),
    );
  const size = `${Math.round(stat.size / 1024)} kB`;
  if (stat.size > MAX_RAW)
    throw new UsageError(
      say({
        en: `${file} has ${size}; at most ${MAX_RAW / 1024} kB are read at once. Split it by topic.`,
        zh: `${file} 有 ${size}，一次最多读 ${MAX_RAW / 1024} kB。请按主题拆开。`,
      }),
    );
  const text = decodeText(readFileSync(file));
  if (text === undefined)
    throw new UsageError(
      say({
        en: `${file} is not UTF-8 text (nor GB18030). Save it as UTF-8 Markdown and try again.`,
        zh: `${file} 不是 UTF-8（也不是 GB18030）文本。请存为 UTF-8 的 Markdown 再试。`,
      }),
    );
  return text;
}

/** Chinese as soon as a tenth of the letters are Han. */
function languageOf(text: string): Locale {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han * 10 > letters ? 'zh' : 'en';
}

function importFile(file: string, options: { lang?: string; content?: string; dryRun: boolean; overwrite: boolean }): void {
  const text = readRaw(file);
  const lang = options.lang === undefined ? languageOf(text) : LOCALES.find((locale) => locale === options.lang);
  if (!lang) throw new UsageError(`--lang ${options.lang}: choose one of ${LOCALES.join(', ')}`);
  const folder = options.content ?? readConfig(process.env).contentDir;
  const beside = picturesBeside(file);
  const read = readRawNotes(text, basename(file, extname(file)), (url) => beside(url) !== undefined);
  const { raw, copies } = takePictures(read, beside);
  if (raw.topics.length === 0)
    throw new UsageError(
      say({
        en: `${file} has no text below a heading (# …), so there is no topic to make.`,
        zh: `${file} 里没有标题（# …）和其下的文字，无法建立主题。`,
      }),
    );
  // A folder that does not exist yet is made; its first topics come from this file.
  mkdirSync(`${folder}/topics`, { recursive: true });
  const content = loadContent(folder);
  const plan = planImport(raw, content, { folder, lang, overwrite: options.overwrite });
  process.stdout.write(`${importReport(raw, plan, content, { lang, folder, reader })}\n\n${countsTable(raw, reader)}\n`);
  const left = notImported(raw, plan);
  // Something was left out: a script that imports many files can tell.
  if (left > 0) process.exitCode = 2;
  const last = left > 0 ? say({ en: ` ${leftOut(left, 'en')}: see the report above.`, zh: `${leftOut(left, 'zh')}：见上面的报告。` }) : '';
  const changes = plan.filter(({ action }) => action === 'create' || action === 'replace');
  if (options.dryRun) {
    for (const { file: target, before = '', text: after, action } of plan)
      if (action !== 'same')
        process.stdout.write(`\n${createTwoFilesPatch(relative(folder, target), relative(folder, target), before, after)}`);
    const counts = {
      en: `Dry run: nothing was written; ${changes.length} of ${plan.length} files would be.`,
      zh: `试运行：没有写入；${plan.length} 个文件中会写 ${changes.length} 个。`,
    };
    process.stdout.write(`\n${say(counts)}${last}\n`);
    return;
  }
  for (const { file: target, text: after } of changes) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, after);
  }
  for (const { topic, from, name } of copies) {
    const target = plan[topic]!;
    if (target.action !== 'refused' && target.action !== 'kept') copyFileSync(from, join(dirname(target.file), name));
  }
  const done = {
    en: `${changes.length} of ${plan.length} files written. Next: npm run content:check shows what the topics still lack.`,
    zh: `${plan.length} 个文件中写了 ${changes.length} 个。下一步：npm run content:check 指出主题还缺什么。`,
  };
  process.stdout.write(`\n${say(done)}${last}\n`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      lang: { type: 'string' },
      content: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      overwrite: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [action, file] = positionals;
  if (action === 'check') await import('./content-check.ts');
  else if (action === 'import' && file && !values.help) {
    const { lang, content } = values;
    importFile(file, { ...(lang && { lang }), ...(content && { content }), dryRun: values['dry-run'], overwrite: values.overwrite });
  } else {
    process.stdout.write(HELP);
    if (!values.help) process.exitCode = 1;
  }
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  const { code, message, stack } = error as NodeJS.ErrnoException;
  const expected = error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS') || code === 'EACCES' || code === 'ENOSPC';
  process.stderr.write(`${expected ? message : stack}\n`);
});
