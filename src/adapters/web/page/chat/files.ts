// Files for /notes add: dropped on the page, or pasted.

/** Larger ones are not sent; the server says what to do with them. */
const MOST = 1024 * 1024;
const NAME = 200;

/** @param send called with a file's name, its size, and its bytes in base64 where it is not too large. */
export function takeFiles(target: HTMLElement, send: (name: string, size: number, data?: string) => Promise<void>): void {
  const take = async (file: File) => send(file.name.slice(-NAME), file.size, file.size > MOST ? undefined : await base64(file));
  const holdsFiles = (transfer: DataTransfer | null) => [...(transfer?.types ?? [])].includes('Files');
  target.addEventListener('dragover', (event) => {
    if (!holdsFiles(event.dataTransfer)) return;
    event.preventDefault();
    target.classList.add('dropping');
  });
  target.addEventListener('dragleave', (event) => {
    if (!target.contains(event.relatedTarget as Node | null)) target.classList.remove('dropping');
  });
  target.addEventListener('drop', (event) => {
    target.classList.remove('dropping');
    const [file] = event.dataTransfer?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void take(file);
  });
  target.addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!file) return;
    event.preventDefault();
    void take(file);
  });
}

/** A data URL holds it behind its comma; nothing is there for an empty file. */
function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
