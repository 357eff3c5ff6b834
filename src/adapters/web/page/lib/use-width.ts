// How wide an element is, followed as it changes.
import { useLayoutEffect, useState } from 'preact/hooks';

/** Its inner width in whole pixels, 0 before it is laid out. */
export function useWidth(box: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!box.current) return;
    const look = () => setWidth(Math.floor(box.current?.clientWidth ?? 0));
    look();
    const observer = new ResizeObserver(look);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
