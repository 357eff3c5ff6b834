/**
 * A package that most starts never need: `lazy(() => require('pinyin-pro') as typeof import('pinyin-pro'))` loads it with
 * the first call. An idle bot on a small machine is made of what it has loaded.
 */
export function lazy<T>(load: () => T): () => T {
  let loaded: { value: T } | undefined;
  return () => {
    loaded ??= { value: load() };
    return loaded.value;
  };
}
