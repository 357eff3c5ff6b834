/** Families of the charts' text and their files, as node resolves them: Latin and Chinese, regular and bold. */
export const FONTS = [
  ['Noto Sans SC', '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'],
  ['Noto Sans SC', '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'],
  ['Noto Sans', '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'],
  ['Noto Sans', '@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'],
] as const;
