import { useEffect } from 'preact/hooks';
import { show } from './lab.js';

/** The lab draws into the page's main part by itself. */
export function Lab() {
  useEffect(() => void show(document.getElementById('main')!), []);
  return null;
}
