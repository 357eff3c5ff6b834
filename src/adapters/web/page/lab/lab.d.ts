export function show(main: HTMLElement): Promise<void>;
