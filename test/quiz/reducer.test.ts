import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gainOf, reasonsOf } from '../../src/quiz/discussion.ts';
import { reduce } from '../../src/quiz/reducer.ts';
import {
  type Graded,
  initialState,
  MODES,
  type Phase,
  type QuizEvent,
  type QuizSettings,
  type QuizState,
  wholeAnswers,
} from '../../src/quiz/state.ts';

const START = 1_000_000;
const settings: fc.Arbitrary<QuizSettings> = fc.record({
  mode: fc.constantFrom(...MODES),
  seconds: fc.integer({ min: 5, max: 60 }),
  lobbySeconds: fc.integer({ min: 0, max: 30 }),
  revealSeconds: fc.constant(12),
  host: fc.constant('host'),
  locale: fc.constant('en' as const),
  topic: fc.constant(null),
  total: fc.integer({ min: 1, max: 4 }),
  teams: fc.constantFrom(0, 2, 3),
  lock: fc.boolean(),
});

/** What may happen, at any moment and in any order; `ahead` sends an event for another question than the one that is on. */
const happening = fc.record({
  what: fc.constantFrom(
    ...(['join', 'posted', 'answer', 'answer', 'answer', 'answer', 'deadline', 'deadline'] as const),
    ...(['drop', 'begin', 'next', 'skip', 'pause', 'resume', 'stop', 'hint', 'reason', 'reason'] as const),
  ),
  wait: fc.integer({ min: 0, max: 20_000 }),
  user: fc.constantFrom('ana', 'ben', 'eve', 'zoe'),
  credit: fc.constantFrom(0, 0.5, 1),
  picked: fc.constantFrom<number[]>([], [0], [1], [0, 2]),
  final: fc.boolean(),
  partial: fc.boolean(),
  ahead: fc.constantFrom(0, 0, 0, 0, 1, -1),
  named: fc.boolean(),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function eventOf({ what, user: id, credit, picked, final, partial, ahead, named }: Happening, state: QuizState, at: number): QuizEvent {
  const position = state.position + ahead;
  const user = { id, name: id };
  switch (what) {
    case 'join':
      return { type: 'join', at, user };
    case 'answer':
      return { type: 'answer', at, position, user, value: { picked }, credit, final: final && !partial, ...(partial && { partial }) };
    case 'hint':
      return { type: 'hint', at, position, user, number: (state.hints.get(id) ?? 0) + (named ? 1 : 2) };
    case 'reason':
      return { type: 'reason', at, position, user, reason: named ? { text: 'because' } : { like: 'ana' } };
    case 'posted':
      return { type: 'posted', at, position, ...(state.again && { again: true }) };
    case 'drop':
      return { type: what, at, position };
    case 'deadline':
      // A timer rings when the phase ends, or by mistake before.
      return { type: 'deadline', at: named ? Math.max(at, state.deadline ?? at) : at };
    default:
      return { type: what, at, ...(named && { position }) };
  }
}

interface Taken {
  before: QuizState;
  event: QuizEvent;
  after: QuizState;
  recorded: { position: number; results: Graded[] }[];
}

/** Plays what happened; events that do not fit leave nothing. */
function play(rules: QuizSettings, happenings: readonly Happening[]): { state: QuizState; taken: Taken[] } {
  let state = initialState(rules, START);
  let at = START;
  const taken: Taken[] = [];
  for (const one of happenings) {
    at += one.wait;
    const event = eventOf(one, state, at);
    at = Math.max(at, event.at);
    const step = reduce(state, event);
    if (!step) continue;
    const recorded = step.effects.filter((effect) => effect.type === 'record');
    taken.push({ before: state, event, after: step.state, recorded });
    state = step.state;
  }
  return { state, taken };
}

const game = fc.tuple(settings, fc.array(happening, { maxLength: 60 }));
const whole = (state: QuizState) => wholeAnswers(state).map(([id]) => id);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

describe('the rules, whatever happens in whatever order', () => {
  const check = (holds: (result: ReturnType<typeof play>, rules: QuizSettings) => void) =>
    fc.assert(
      fc.property(game, ([rules, happenings]) => holds(play(rules, happenings), rules)),
      { numRuns: 2_000, seed: 20_261_124 },
    );

  it('grade nobody twice, and nobody without an answer', () => {
    check(({ taken }) => {
      const given = new Map<string, unknown>();
      const graded = new Set<string>();
      for (const { event, recorded } of taken) {
        if (event.type === 'answer') given.set(`${event.position}/${event.user.id}`, event.value);
        for (const { position, results } of recorded) {
          for (const { user, value } of results) {
            const key = `${position}/${user}`;
            expect(graded.has(key)).toBe(false);
            graded.add(key);
            // The last answer that was taken is the one that counts.
            expect(value).toEqual(given.get(key));
            expect(value).not.toEqual({ picked: [] });
          }
        }
      }
    });
  });

  it('give every point for a graded answer, and at least half of the full points for a right one', () => {
    check(({ state, taken }) => {
      const results = taken.flatMap(({ recorded }) => recorded.flatMap((one) => one.results));
      expect(sum([...state.players.values()].map(({ score }) => score))).toBe(sum(results.map(({ points }) => points)));
      expect(sum([...state.players.values()].map(({ answered }) => answered))).toBe(results.length);
      for (const { credit, points, hinted } of results) {
        const full = hinted ? 500 : 1000;
        if (credit === 0) expect(points).toBe(0);
        if (credit === 1) expect(points).toBeGreaterThanOrEqual(full / 2);
        expect(points).toBeLessThanOrEqual(full * credit);
      }
    });
  });

  it('lose no answer: all that were standing when a question ended are graded', () => {
    check(({ taken }) => {
      for (const { before, after, event, recorded } of taken) {
        const over =
          whole(before).length > 0 && (after.position !== before.position || after.phase === 'ended' || after.phase === 'reveal');
        const open = before.phase === 'open' || before.paused?.phase === 'open';
        if (!over || !open || event.type === 'drop') continue;
        expect(recorded[0]?.results.map(({ user }) => user)).toEqual(whole(before));
      }
    });
  });

  it('go only from phase to phase as a quiz does, and never back', () => {
    const from: Record<Phase, Phase[]> = {
      lobby: ['lobby', 'open', 'ended'],
      open: ['open', 'talk', 'reveal', 'paused', 'ended'],
      talk: ['talk', 'open', 'paused', 'ended'],
      reveal: ['reveal', 'open', 'paused', 'ended'],
      paused: ['paused', 'open', 'talk', 'reveal', 'ended'],
      ended: [],
    };
    check(({ taken }, { mode, total }) => {
      for (const { before, after } of taken) {
        expect(from[before.phase]).toContain(after.phase);
        expect(after.position).toBeGreaterThanOrEqual(before.position);
        expect(after.position).toBeLessThan(total);
        if (mode === 'exam') expect(after.phase).not.toBe('reveal');
        if (mode !== 'discuss') expect(after.phase).not.toBe('talk');
      }
    });
  });

  it('never put off the end of an open question, but by a pause', () => {
    check(({ taken }) => {
      for (const { before, after, event } of taken) {
        const same = before.phase === 'open' && after.phase === 'open' && before.position === after.position;
        if (same && before.deadline !== null) expect(after.deadline).toBeLessThanOrEqual(before.deadline);
        if (event.type === 'resume' && after.deadline !== null && before.paused) {
          expect(after.deadline - event.at).toBe(before.paused.deadline! - before.paused.at);
        }
      }
    });
  });

  it('change no locked answer', () => {
    check(({ taken }, { lock }) => {
      for (const { before, event } of taken) {
        if (lock && event.type === 'answer' && event.position === before.position) {
          expect(before.answers.get(event.user.id)?.final ?? false).toBe(false);
        }
      }
    });
  });

  it('count no longer than the question was open as time used', () => {
    check(({ taken }, { seconds }) => {
      for (const { recorded } of taken)
        for (const { used } of recorded.flatMap((one) => one.results)) {
          expect(used).toBeGreaterThanOrEqual(0);
          expect(used).toBeLessThan(seconds * 1000);
        }
    });
  });

  it('give the same state again when the stored events are replayed', () => {
    check(({ state, taken }, rules) => {
      const stored = JSON.parse(JSON.stringify(taken.map(({ event }) => event))) as QuizEvent[];
      const again = stored.reduce((before, event) => reduce(before, event)!.state, initialState(rules, START));
      expect(again).toEqual(state);
    });
  });

  it('split teams evenly, late comers too', () => {
    check(({ state }, { teams }) => {
      if (teams === 0) return;
      const sizes = Array.from({ length: teams }, (_, team) => [...state.players.values()].filter((player) => player.team === team).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    });
  });

  it('come to an end by themselves from anywhere, when everyone has left', () => {
    check(({ state: left }, { total }) => {
      let state = left;
      let steps = 0;
      while (state.phase !== 'ended') {
        const { position, deadline } = state;
        const event: QuizEvent =
          deadline === null ? { type: 'posted', at: 2 ** 40, position, again: state.again } : { type: 'deadline', at: deadline };
        const step = reduce(state, event);
        expect(step, `${state.phase} hangs`).toBeDefined();
        state = step!.state;
        // Posted, closed, talk, posted, closed, revealed.
        expect(++steps).toBeLessThanOrEqual(6 * total + 3);
      }
    });
  });
});

describe('the rules, one by one', () => {
  const rules: QuizSettings = {
    ...{ mode: 'speed', seconds: 30, lobbySeconds: 10, revealSeconds: 12, host: 'host' },
    ...{ locale: 'en', topic: null, total: 5, teams: 0 },
  };
  const run = (events: QuizEvent[], given = rules) =>
    events.reduce((state, event) => reduce(state, event)?.state ?? state, initialState(given, 0));
  const open: QuizEvent[] = [
    { type: 'join', at: 0, user: { id: 'ana', name: 'ana' } },
    { type: 'join', at: 0, user: { id: 'ben', name: 'ben' } },
    { type: 'begin', at: 0 },
    { type: 'posted', at: 1_000, position: 0 },
  ];
  const answer = (id: string, at: number, more: { final?: boolean; picked?: number[]; credit?: number } = {}): QuizEvent => ({
    ...{ type: 'answer', at, position: 0, user: { id, name: id } },
    ...{ value: { picked: more.picked ?? [0] }, credit: more.credit ?? 1, final: more.final ?? true },
  });

  it('leave a moment to change one’s mind after everyone has answered', () => {
    expect(run([...open, answer('ana', 2_000)]).deadline).toBe(31_000);
    expect(run([...open, answer('ana', 2_000), answer('ben', 5_000)]).deadline).toBe(8_000);
    expect(run([...open, answer('ana', 2_000), answer('ben', 5_000)], { ...rules, lock: true }).deadline).toBe(5_000);
  });

  it('wait for an unfinished order or selection', () => {
    expect(run([...open, answer('ana', 2_000), answer('ben', 5_000, { final: false })]).deadline).toBe(31_000);
  });

  it('do not count a pause as time used, nor what was left of a shortened question', () => {
    const paused = run([
      ...open,
      answer('ana', 2_000),
      { type: 'pause', at: 3_000 },
      { type: 'resume', at: 63_000 },
      answer('ben', 64_000),
    ]);
    expect([...paused.answers.values()].map(({ used }) => used)).toEqual([1_000, 3_000]);
    const short = [
      ...open,
      answer('ana', 2_000),
      answer('ben', 2_000),
      { type: 'pause', at: 3_000 },
      { type: 'resume', at: 9_000 },
    ] as QuizEvent[];
    expect(run([...short, answer('ana', 9_500)]).answers.get('ana')?.used).toBe(2_500);
  });

  it('take an answer back', () => {
    const state = run([...open, answer('ana', 2_000), answer('ana', 3_000, { picked: [] }), { type: 'skip', at: 4_000 }]);
    expect(state.players.get('ana')).toMatchObject({ answered: 0, score: 0 });
  });

  it('grade what was answered when the host stops an open question, and do not count one that nobody answered', () => {
    const answered = reduce(run([...open, answer('ana', 2_000)]), { type: 'stop', at: 3_000 })!;
    expect(answered.effects.map(({ type }) => type)).toEqual(['record', 'show-reveal', 'show-podium']);
    expect(answered.state.asked).toHaveLength(1);
    const silent = reduce(run(open), { type: 'stop', at: 3_000 })!;
    expect(silent.effects.map(({ type }) => type)).toEqual(['show-podium']);
    expect(silent.state.asked).toHaveLength(0);
  });

  it('let a question be paused before its message is confirmed', () => {
    const begun = open.slice(0, 3);
    const state = run([...begun, { type: 'pause', at: 500 }, { type: 'posted', at: 1_000, position: 0 }, { type: 'resume', at: 9_500 }]);
    expect(state).toMatchObject({ phase: 'open', openedAt: 9_500, deadline: 39_500 });
    expect(run([...begun, { type: 'pause', at: 500 }, { type: 'resume', at: 700 }])).toMatchObject({ phase: 'open', deadline: null });
  });

  it('take a press that comes before the confirmation', () => {
    expect(run([...open.slice(0, 3), answer('ana', 900), open[3]!]).answers.get('ana')).toMatchObject({ used: 0 });
  });

  it('end after three questions whose time ran out unanswered, and after a pause that nobody ended', () => {
    const idle = (position: number): QuizEvent[] => [
      { type: 'posted', at: position * 50_000, position },
      { type: 'deadline', at: position * 50_000 + 30_000 },
      { type: 'next', at: position * 50_000 + 31_000 },
    ];
    expect(run([{ type: 'begin', at: 0 }, ...idle(0), ...idle(1), ...idle(2)])).toMatchObject({ phase: 'ended', ending: 'idle' });
    const forgotten = run([...open, { type: 'pause', at: 2_000 }, { type: 'deadline', at: 2_000 + 30 * 60_000 }]);
    expect(forgotten).toMatchObject({ phase: 'ended', ending: 'forgotten' });
  });

  it('do not take skipping for idleness', () => {
    const skip = (position: number): QuizEvent[] => [
      { type: 'posted', at: 0, position },
      { type: 'skip', at: 0 },
      { type: 'next', at: 0 },
    ];
    const state = run([{ type: 'begin', at: 0 }, ...skip(0), ...skip(1), ...skip(2)]);
    expect(state).toMatchObject({ phase: 'open', position: 3, ending: null });
  });

  it('let a press count for the phase that it was drawn for', () => {
    const pressed = (what: 'skip' | 'pause' | 'next', at: number, phase: Phase): QuizEvent => ({ type: what, at, position: 0, phase });
    const skipped = [...open, pressed('skip', 5_000, 'open')];
    expect(run([...skipped, pressed('skip', 5_001, 'open')])).toMatchObject({ phase: 'reveal', position: 0, deadline: 17_000 });
    expect(run([...skipped, pressed('pause', 5_001, 'open')]).phase).toBe('reveal');
    expect(run([...skipped, pressed('next', 5_001, 'reveal')])).toMatchObject({ phase: 'open', position: 1 });
  });

  describe('wait for everyone who is expected', () => {
    const begun: QuizEvent[] = [
      { type: 'begin', at: 0 },
      { type: 'posted', at: 1_000, position: 0 },
    ];

    it('and let the time run when nobody has joined, however many have answered', () => {
      expect(run([...begun, answer('ana', 2_000)]).deadline).toBe(31_000);
      expect(run([...begun, answer('ana', 2_000), answer('ben', 3_000)]).deadline).toBe(31_000);
    });

    it('and let the time run for one who plays alone', () => {
      const alone: QuizEvent = { type: 'join', at: 0, user: { id: 'ana', name: 'ana' } };
      expect(run([alone, ...begun, answer('ana', 2_000)]).deadline).toBe(31_000);
      expect(run([alone, ...begun, answer('ana', 2_000), answer('ben', 3_000)]).deadline).toBe(31_000);
    });

    it('so those who answered the question before are waited for in the next', () => {
      const second: QuizEvent[] = [
        ...begun,
        ...[answer('ana', 2_000), answer('ben', 3_000)],
        { type: 'deadline', at: 31_000 },
        { type: 'next', at: 40_000 },
        { type: 'posted', at: 41_000, position: 1 },
      ];
      const again = (id: string, at: number) => ({ ...answer(id, at), position: 1 }) as QuizEvent;
      expect(run([...second, again('ana', 42_000)]).deadline).toBe(71_000);
      expect(run([...second, again('ana', 42_000), again('ben', 50_000)]).deadline).toBe(53_000);
      // Who comes in now and has begun is waited for too.
      const unfinished = { ...again('zoe', 49_000), final: false } as QuizEvent;
      expect(run([...second, again('ana', 42_000), unfinished, again('ben', 50_000)]).deadline).toBe(71_000);
    });

    it('and those who played here a moment ago, but not those who left ten minutes ago', () => {
      const seen = (id: string, at: number) => ({ id, at });
      const recent = { ...rules, recent: [seen('ana', -60_000), seen('ben', -120_000)] };
      expect(run([...begun, answer('ana', 2_000)], recent).deadline).toBe(31_000);
      expect(run([...begun, answer('ana', 2_000), answer('ben', 3_000)], recent).deadline).toBe(6_000);
      const gone = { ...rules, recent: [...recent.recent, seen('zoe', -599_000)] };
      expect(run([...begun, answer('ana', 2_000), answer('ben', 3_000)], gone).deadline).toBe(6_000);
    });

    it('however long the lobby, the question or a pause was', () => {
      const lobby = run([...open.slice(0, 2), { type: 'begin', at: 900_000 }, { type: 'posted', at: 900_000, position: 0 }]);
      const both = [answer('ana', 901_000), answer('ben', 902_000)];
      expect(both.reduce((state, event) => reduce(state, event)!.state, lobby).deadline).toBe(905_000);
      const paused = run([...open, { type: 'pause', at: 2_000 }, { type: 'resume', at: 1_502_000 }]);
      const after = [answer('ana', 1_503_000), answer('ben', 1_504_000)];
      expect(after.reduce((state, event) => reduce(state, event)!.state, paused).deadline).toBe(1_507_000);
    });
  });

  it('count an order that lacks items as no answer, and say whose it was', () => {
    const half = { ...answer('ana', 2_000, { final: false, credit: 0 }), partial: true } as QuizEvent;
    const state = run([...open, half, answer('ben', 3_000), { type: 'deadline', at: 31_000 }]);
    expect(state.asked).toMatchObject([{ answered: 1, right: 1, credit: 1, unfinished: ['ana'] }]);
    expect(state.players.get('ana')).toMatchObject({ answered: 0, score: 0 });
    // Somebody was there, so it is not an idle question.
    expect(run([...open, half, { type: 'deadline', at: 31_000 }])).toMatchObject({ idle: 0 });
  });

  const hint = (id: string, at: number, number = 1): QuizEvent => ({ type: 'hint', at, position: 0, user: { id, name: id }, number });

  it('count half after a hint, whenever it was asked for, and wait for who is thinking about one', () => {
    const calm = { ...rules, mode: 'calm' as const };
    const over = [...open, hint('ana', 2_000), answer('ana', 3_000), answer('ben', 4_000), hint('ben', 4_500), answer('cy', 5_000)];
    const state = run([...over, { type: 'deadline', at: 31_000 }], calm);
    expect(Object.fromEntries([...state.players].map(([id, { score }]) => [id, score]))).toEqual({ ana: 500, ben: 500, cy: 1000 });
    expect(state.asked[0]!.results.map(({ user, hinted = false }) => [user, hinted])).toEqual([
      ['ana', true],
      ['ben', true],
      ['cy', false],
    ]);
    // A newcomer with a hint has not answered yet.
    expect(run([...open, hint('eve', 2_000), answer('ana', 2_000), answer('ben', 5_000)], calm).deadline).toBe(31_000);
    expect(run([...open, answer('ana', 2_000), answer('ben', 5_000)], calm).deadline).toBe(8_000);
  });

  it('give hints one after the other, none in an exam, none when the clock has ended', () => {
    const hints = (events: QuizEvent[], given = rules) => run([...open, ...events], given).hints.get('ana');
    expect(hints([hint('ana', 2_000, 2)])).toBeUndefined();
    expect(hints([hint('ana', 2_000), hint('ana', 2_000), hint('ana', 3_000, 2)])).toBe(2);
    expect(hints([hint('ana', 2_000)], { ...rules, mode: 'exam' })).toBeUndefined();
    expect(hints([hint('ana', 31_000)])).toBeUndefined();
    expect(hints([answer('ana', 2_000), hint('ana', 3_000)], { ...rules, lock: true })).toBeUndefined();
  });

  it('a discussion votes, talks, votes again, and only then reveals, with both votes', () => {
    const talk = { ...rules, mode: 'discuss' as const, talkSeconds: 60 };
    const first = [
      ...open,
      answer('ana', 2_000, { credit: 0, picked: [1] }),
      answer('ben', 3_000),
      { type: 'deadline', at: 31_000 } as const,
    ];
    const talking = run(first, talk);
    expect(talking).toMatchObject({ phase: 'talk', deadline: 91_000, asked: [] });
    expect(reduce(talking, answer('ana', 40_000))).toBeUndefined();
    const second: QuizEvent[] = [...first, { type: 'deadline', at: 91_000 }];
    expect(run(second, talk)).toMatchObject({ phase: 'open', again: true, deadline: null, position: 0 });
    // The confirmation of the first message does not start the clock of the second vote.
    expect(run([...second, { type: 'posted', at: 92_000, position: 0 }], talk).deadline).toBeNull();
    const voting: QuizEvent[] = [...second, { type: 'posted', at: 92_000, position: 0, again: true }];
    expect(run(voting, talk).deadline).toBe(122_000);
    // Ben need not vote again, but is waited for.
    expect(run([...voting, answer('ana', 93_000)], talk).deadline).toBe(122_000);
    const over = run([...voting, answer('ana', 93_000), answer('cy', 94_000), { type: 'deadline', at: 122_000 }], talk);
    expect(over.phase).toBe('reveal');
    const { results } = over.asked[0]!;
    expect(results.map(({ user, credit, alone }) => [user, credit, alone?.credit])).toEqual([
      ['ana', 1, 0],
      ['ben', 1, 1],
      ['cy', 1, undefined],
    ]);
    expect(gainOf(results)).toEqual({ before: 0.5, after: 1, people: 2, gain: 1 });
  });

  it('a first vote that nobody casts, and a stop while people talk, need no second vote', () => {
    const talk = { ...rules, mode: 'discuss' as const, talkSeconds: 60 };
    expect(run([...open, { type: 'deadline', at: 31_000 }], talk).phase).toBe('reveal');
    const stopped = run([...open, answer('ana', 2_000), { type: 'skip', at: 3_000 }, { type: 'stop', at: 4_000 }], talk);
    expect(stopped).toMatchObject({ phase: 'ended', asked: [{ answered: 1, right: 1 }] });
    expect(gainOf(stopped.asked[0]!.results)).toBeUndefined();
  });

  it('a reason is for who voted, and nobody likes their own', () => {
    const talk = { ...rules, mode: 'discuss' as const, talkSeconds: 60 };
    const give = (id: string, reason: { text: string } | { like: string }): QuizEvent => ({
      ...{ type: 'reason', at: 5_000, position: 0, user: { id, name: id }, reason },
    });
    const talking: QuizEvent[] = [...open, answer('ana', 2_000), answer('ben', 2_000), { type: 'skip', at: 3_000 }];
    expect(run([...open, give('ana', { text: 'early' })], talk).reasons.size).toBe(0);
    const given = run(
      [
        ...talking,
        give('ana', { text: 'because' }),
        give('ben', { like: 'ana' }),
        give('zoe', { text: 'I was not here' }),
        give('ana', { like: 'ana' }),
        give('ana', { like: 'ben' }),
      ],
      talk,
    );
    expect(reasonsOf(given.reasons)).toEqual([{ user: 'ana', text: 'because', likes: 1 }]);
    // Who takes theirs back leaves nothing to like.
    expect(
      run(
        [...talking, give('ana', { text: 'a' }), give('ben', { like: 'ana' }), give('ben', { text: 'b' }), give('ana', { like: 'ben' })],
        talk,
      ).reasons,
    ).toEqual(
      new Map([
        ['ben', { text: 'b' }],
        ['ana', { like: 'ben' }],
      ]),
    );
  });

  it('gain is not told where nobody could gain, or fewer are right', () => {
    const votes = (...pairs: [number, number][]) => pairs.map(([alone, credit]) => ({ credit, alone: { credit: alone } }));
    expect(gainOf(votes([1, 1]))).toEqual({ before: 1, after: 1, people: 1, gain: undefined });
    expect(gainOf(votes([1, 0], [0, 0]))?.gain).toBeUndefined();
    expect(gainOf(votes([0, 1], [0, 0], [1, 1], [0, 0]))?.gain).toBeCloseTo(1 / 3);
  });
});
