// What can be shared of a run: its command, its link, and the experiment alone for a frame in another page.
import type { Demo } from '../../../../demos/demo.ts';
import { draftPath, t } from '../lib/session.ts';
import { notice } from '../lib/telling.ts';
import { copyText } from '../lib/ui.tsx';
import { addressOf, commandOf, type Setting } from './address.ts';

export interface Topic {
  id: string;
  title: string;
}

export function Share({ demo, setting, topics }: { demo: Demo; setting: Setting; topics: Topic[] }) {
  const command = commandOf(demo, setting);
  const copy = async (text: string) => notice(`${t((await copyText(text)) ? 'copied' : 'copy-by-hand')} ${text}`, 8000);
  const link = (embed: boolean) => location.origin + addressOf(demo.name, setting, embed);
  const full = () =>
    document
      .getElementById('results')
      ?.requestFullscreen?.()
      .catch(() => undefined);
  return (
    <div class="share">
      <span class="label">{t('lab.command')}</span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that it can be selected by keyboard */}
      <code id="command" tabIndex={0}>
        {command}
      </code>
      <div class="actions">
        <button type="button" id="copy" onClick={() => copy(command)}>
          {t('lab.copy-command')}
        </button>
        <button type="button" id="link" onClick={() => copy(link(false))}>
          {t('lab.copy-link')}
        </button>
        <button type="button" id="embed" onClick={() => copy(link(true))}>
          {t('lab.copy-embed')}
        </button>
        {document.fullscreenEnabled && (
          <button type="button" id="full" onClick={full}>
            {t('lab.full')}
          </button>
        )}
        <a id="in-chat" class="button" href={draftPath(command)}>
          {t('lab.in-chat')}
        </a>
        {topics.slice(0, 2).map(({ id, title }) => (
          <a key={id} class="button" href={`/notes/${id}`}>
            {t('lab.read-note', { topic: title })}
          </a>
        ))}
      </div>
    </div>
  );
}
