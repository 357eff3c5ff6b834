// Coming into a quiz by its code, as it stands on the projector.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { getJson, newId, plain, postJson, Refused, roomPath, setUser, t, user } from '../lib/session.ts';

interface Found {
  quiz: string;
  room: string;
  over: boolean;
}

const found = signal<Found | undefined>(undefined);
const problem = signal('');
const busy = signal(false);

async function look(typed: string): Promise<void> {
  busy.value = true;
  problem.value = '';
  try {
    found.value = await getJson<Found>(`/api/join/${encodeURIComponent(typed.trim().slice(0, 40))}`);
    if (found.value.over) location.replace(roomPath(found.value.room));
  } catch (error) {
    problem.value = error instanceof Refused ? plain(error.message) : t('not-sent');
  }
  busy.value = false;
}

async function enter({ quiz, room }: Found, name: string): Promise<void> {
  busy.value = true;
  try {
    if (name !== user().name) await setUser(name);
    // Who cannot be counted in yet is in with the first answer; the room is shown all the same.
    await postJson(`/api/rooms/${encodeURIComponent(room)}/messages`, { press: `1~quiz~join~${quiz}`, id: newId() });
    location.href = roomPath(room);
  } catch (error) {
    problem.value = error instanceof Error && error.message ? plain(error.message) : t('not-sent');
    busy.value = false;
  }
}

export function Join() {
  useEffect(() => {
    const given = location.pathname.split('/')[2];
    if (given) void look(decodeURIComponent(given));
  }, []);
  return (
    <div class="join">
      <h1>{t('quiz.join-title')}</h1>
      {found.value ? <NameForm found={found.value} /> : <CodeForm />}
      <p class="note error" role="alert" hidden={!problem.value}>
        {problem.value}
      </p>
    </div>
  );
}

function CodeForm() {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void look(String(new FormData(event.currentTarget).get('code')));
      }}
    >
      <label for="code">{t('quiz.code')}</label>
      <input
        id="code"
        name="code"
        class="code"
        required
        maxLength={12}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        enterkeyhint="go"
      />
      <button type="submit" class="primary" aria-busy={busy.value ? 'true' : undefined}>
        {t('quiz.next')}
      </button>
    </form>
  );
}

function NameForm({ found: into }: { found: Found }) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const name = String(new FormData(event.currentTarget).get('name')).trim();
        if (name && !busy.value) void enter(into, name);
      }}
    >
      <p>{t('quiz.join-room', { room: into.room })}</p>
      <label for="own-name">{t('name')}</label>
      <input id="own-name" name="name" required maxLength={32} defaultValue={user().name} autocomplete="nickname" enterkeyhint="go" />
      <button type="submit" class="primary" aria-busy={busy.value ? 'true' : undefined}>
        {t('quiz.join')}
      </button>
    </form>
  );
}
