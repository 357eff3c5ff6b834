// Runs before the first paint, so that the page never flashes in the wrong colours.
(() => {
  const stored = (key: string) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    document.documentElement.dataset.theme = stored('theme') ?? (dark.matches ? 'dark' : 'light');
  };
  dark.addEventListener('change', apply);
  apply();
  document.documentElement.lang = (stored('locale') ?? navigator.language).startsWith('zh') ? 'zh-CN' : 'en';
})();
