import { pointsOf } from './scoring.ts';
import { type Effect, type GivenAnswer, type Graded, type QuizState, wholeAnswers } from './state.ts';

/** Scores the question that is on, and tells what is to be recorded of it. Answers are final from now on. */
export function closeQuestion(state: QuizState, at: number): { state: QuizState; record: Effect } {
  const { position, reasons } = state;
  const seen = new Map([...state.seen, ...[...state.answers.keys()].map((id) => [id, at] as const)]);
  const results = wholeAnswers(state).map(([user, answer]) => graded(state, user, answer));
  const players = new Map(state.players);
  for (const { user, credit, points } of results) {
    const player = players.get(user)!;
    const correct = player.correct + (credit === 1 ? 1 : 0);
    players.set(user, { ...player, score: player.score + points, correct, answered: player.answered + 1 });
  }
  const answered = results.length;
  const unfinished = [...state.answers].flatMap(([id, { partial }]) => (partial ? [id] : []));
  const sum = results.reduce((total, { credit }) => total + credit, 0);
  const right = results.filter(({ credit }) => credit === 1).length;
  const asked = { position, answered, right, credit: answered === 0 ? 0 : sum / answered, results, unfinished };
  return {
    state: {
      ...state,
      players,
      asked: [...state.asked, { ...asked, ...(reasons.size > 0 && { reasons: [...reasons] }) }],
      idle: state.answers.size === 0 && state.hints.size === 0 ? state.idle + 1 : 0,
      seen,
      openedAt: null,
    },
    record: { type: 'record', position, results },
  };
}

function graded({ settings, hints, first, again }: QuizState, user: string, { value, credit, used }: GivenAnswer): Graded {
  const hinted = hints.has(user);
  const alone = again ? first.get(user) : undefined;
  return {
    ...{ user, value, credit, used },
    points: pointsOf(settings.mode, credit, used, settings.seconds * 1000, hinted),
    ...(hinted && { hinted }),
    ...(alone && { alone: { value: alone.value, credit: alone.credit } }),
  };
}
