/** News of one kind, for whoever listens. */
export interface Changes<T> {
  tell(news: T): void;
  listen(listener: (news: T) => void): void;
}

export function createChanges<T>(): Changes<T> {
  const listeners: ((news: T) => void)[] = [];
  return {
    tell(news) {
      for (const listener of listeners) listener(news);
    },
    listen: (listener) => void listeners.push(listener),
  };
}
