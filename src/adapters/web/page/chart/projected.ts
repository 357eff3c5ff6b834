import { createContext } from 'preact';

/** How charts are drawn on a wall, to be read from the back of the room. */
export interface Projected {
  /** Letters so many times as large as in a page. */
  letters: number;
  /** No plot is higher, in pixels. */
  height: number;
}

export const Projecting = createContext<Projected | undefined>(undefined);
