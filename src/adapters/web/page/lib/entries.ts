/** The address of a script that is loaded by name, such as a worker: index.html has it as `<meta name="worker" content="…">`. */
export function entryUrl(name: string): string {
  const meta = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`);
  if (!meta) throw new Error(`index.html names no ${name}`);
  return meta.content;
}
