import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Line, plainText } from '../../src/cards/card.ts';
import { digestCard } from '../../src/cards/digest-card.ts';
import { personDigestCard } from '../../src/cards/person-digest-card.ts';
import { NO_CLOCK } from '../../src/clock/pool-clock.ts';
import { READ_RECEIPT } from '../../src/routing/task.ts';
import { ANA, BEN, CARDIOLOGY, claimedBy, NURSES, POOLS, refTo, taskIn } from '../support/pure-clinic.ts';
import { digestOf, known, personFactsOf } from '../support/pure-digests.ts';

const ID = taskIn().id;
const SHORT = ID.slice(0, 6);
const ROW = { id: ID };

const shown = (line: Line | undefined) => line && plainText(line);
const factsOf = (drawing: Parameters<typeof digestCard>[0]) =>
  Object.fromEntries(digestCard(drawing, true).facts.map(({ label, value }) => [label, plainText(value)]));

describe('The daily digest of a pool', () => {
  it('says whose it is and of which local day', () => {
    expect(digestCard(digestOf({}), true).title).toBe('Daily digest  ·  Registered nurse  ·  Monday 2 March');
  });

  it('has what waits by priority, the oldest, what is past its target and what has happened', () => {
    const facts = factsOf(
      digestOf({ waiting: 1204, byPriority: { stat: 2, asap: 0, urgent: 1, routine: 1201 }, over: 4 }),
    );

    expect(facts).toEqual({
      Waiting: '1,204 (2 STAT, 1 Urgent, 1,201 Routine)',
      'The oldest': 'since 2026-03-01T14:02:00.000Z',
      'Past their target': '4',
      'Since the last digest': '3 came in, 2 closed',
    });
  });

  it('says nothing of targets in a pool that has none, and of the last day where there is no digest before', () => {
    const traffic = { cameIn: 1, closed: 0, since: '2026-03-01T08:00:00.000Z', of: 'day ago' } as const;

    expect(Object.keys(factsOf(digestOf({ traffic })))).toEqual([
      'Waiting',
      'The oldest',
      'In the last 24 hours',
    ]);
  });

  it.each([
    [1, 0, '⏳ 1 will pass its target before Monday 08:00.'],
    [3, 0, '⏳ 3 will pass their target before Monday 08:00.'],
    [3, 2, '⏳ 3 more will pass their target before Monday 08:00.'],
  ])(
    'foretells what will pass its target, in the time of the pool: %i, beside %i',
    (count, over, sentence) => {
      const hours = { ...NO_CLOCK.hours, zone: 'America/New_York' };
      const forecast = { count, before: '2026-03-09T12:00:00.000Z' };
      const drawing = {
        ...digestOf({ forecast, over, rows: [ROW] }, taskIn()),
        pool: { ...NURSES, clock: { ...NO_CLOCK, hours } },
      };

      expect(digestCard(drawing, true).lines.map(plainText)).toEqual([sentence]);
    },
  );

  it('offers Claim on each of its rows, and all of them where there are more', () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ id: `t${i}` }));
    const ten = rows.map(({ id }) => taskIn(NURSES, { id }));
    const few = digestCard(digestOf({ rows: [ROW] }, taskIn()), true);
    const more = digestCard(digestOf({ rows, waiting: 12 }, ...ten), true);

    expect(few.rows?.map((row) => row.buttons.map(({ verb, taskId }) => [verb, taskId]))).toEqual([
      [['claim', ID]],
    ]);
    expect(few.buttons).toEqual([]);
    expect(more.buttons).toEqual([
      { verb: 'tasks', label: 'Show all', taskId: 'registered-nurse', asks: false },
    ]);
    expect(more.lines.map(plainText)).toEqual(['These are the 10 most urgent.']);
  });

  it.each([
    ['2026-03-02T14:05:00.000Z', 'claim by 2026-03-02T14:05:00.000Z'],
    ['2026-03-02T07:53:00.000Z', '⏰ target missed 2026-03-02T07:53:00.000Z'],
    ['2026-03-02T08:00:00.000Z', '⏰ target missed 2026-03-02T08:00:00.000Z'],
  ])('says of a row by when it is to be claimed, in words that stay true: %s', (due, words) => {
    const [row] = digestCard(digestOf({ rows: [{ id: ID, due }] }, taskIn()), true).rows ?? [];

    expect(shown(row?.line)).toContain(words);
  });

  it.each<[string, (Task & { id: string }) | undefined, string]>([
    ['claimed', claimedBy(ANA), 'Ana Silva has it'],
    ['assigned', taskIn(NURSES, { owner: refTo(BEN) }), 'was given to Ben Carter'],
    ['rerouted', taskIn(CARDIOLOGY), 'waits for Cardiologist'],
    ['taken out of every pool', { ...taskIn(), performerType: [] }, 'is in no pool now'],
    ['completed', claimedBy(ANA, { status: 'completed' }), 'completed by Ana Silva'],
    ['cancelled', taskIn(NURSES, { status: 'cancelled' }), 'cancelled'],
    [
      'replaced by a new Task',
      taskIn(NURSES, { status: 'cancelled', businessStatus: { text: 'rerouted' } }),
      'was rerouted',
    ],
    ['put on hold', taskIn(NURSES, { status: 'on-hold' }), 'on-hold in the record'],
    ['turned into a receipt', taskIn(NURSES, { code: { coding: [READ_RECEIPT] } }), 'is not work for a pool'],
    ['deleted', undefined, 'is no longer in the record'],
  ])('strikes a row out whose Task was %s, and says what became of it', (_what, task, became) => {
    const card = digestCard(digestOf({ rows: [ROW] }, ...(task ? [task] : [])), true);

    const [row] = card.rows ?? [];
    expect(row?.buttons).toEqual([]);
    expect(row?.line[0]).toEqual({ strike: expect.stringContaining(SHORT) });
    expect(shown(row?.line.slice(1))).toBe(`  ·  ${became}`);
  });

  it('is the same without a button once a newer one stands below it', () => {
    const drawing = digestOf({ rows: [ROW], waiting: 12 }, taskIn());

    const before = digestCard(drawing, true);
    const after = digestCard(drawing, false);

    expect(after.rows?.map(({ line }) => line)).toEqual(before.rows?.map(({ line }) => line));
    expect([...after.buttons, ...(after.rows ?? []).flatMap(({ buttons }) => buttons)]).toEqual([]);
    expect({ ...after, rows: [], buttons: [] }).toEqual({ ...before, rows: [], buttons: [] });
  });

  it('is one line where nothing waits', () => {
    const card = digestCard(digestOf({ waiting: 0 }), true);

    expect([card.facts, card.rows, card.buttons]).toEqual([[], [], []]);
    expect(card.lines.map(plainText)).toEqual(['Nothing waits in “Registered nurse”.']);
    expect(card.notification).toBe('Daily digest: nothing waits in “Registered nurse”.');
  });

  it('says nothing of a patient, in a channel of whatever privacy, and calls nobody', () => {
    const task = taskIn(NURSES, { code: { text: 'Chest pain' }, description: 'Homer Simpson coughs' });
    const open = {
      ...NURSES,
      channels: NURSES.channels.map((one) => ({ ...one, privacy: 'full' as const })),
    };

    const card = digestCard({ ...digestOf({ rows: [ROW], over: 1 }, task), pool: open, pools: [open] }, true);

    expect(JSON.stringify(card)).not.toMatch(/homer|simpson|chest|cough/i);
    expect(card.mention).toBeUndefined();
    expect(card.notification).toBe('Daily digest: one Task waits in “Registered nurse”, 1 past its target.');
  });
});

describe('The digest of a person', () => {
  const drawingOf = (facts: Parameters<typeof personFactsOf>[0], ...tasks: (Task & { id: string })[]) => ({
    facts: personFactsOf(facts),
    practitionerId: 'ana',
    ...known(tasks),
    pools: POOLS,
  });

  it.each([
    [{ owned: 2, assigned: 0 }, 'You have 2 open Tasks.'],
    [{ owned: 1, assigned: 1 }, 'You have one open Task; one Task was assigned to you, not accepted yet.'],
    [{ owned: 0, assigned: 3 }, '3 Tasks were assigned to you, not accepted yet.'],
  ])('says what they have, and what they have yet to accept: %o', (facts, sentence) => {
    const card = personDigestCard(drawingOf(facts), true);

    expect(card.lines.map(plainText)).toEqual([sentence]);
    expect(card.notification).toBe(`Your digest: ${sentence}`);
  });

  it.each([
    ['have', claimedBy(ANA), ['complete', 'reroute', 'release']],
    ['have yet to accept', taskIn(NURSES, { owner: refTo(ANA) }), ['accept', 'reroute', 'release']],
  ])('offers what can be done with a Task that they %s', (_what, task, verbs) => {
    const [row] = personDigestCard(drawingOf({ owned: 1, rows: [ROW] }, task), true).rows ?? [];

    expect(row?.buttons.map(({ verb }) => verb)).toEqual(verbs);
  });

  it.each([
    ['released', taskIn(), 'waits for Registered nurse'],
    ['sent to somebody else', claimedBy(BEN), 'Ben Carter has it'],
    ['completed', claimedBy(ANA, { status: 'completed' }), 'completed by Ana Silva'],
  ])('strikes out what was %s', (_what, task, became) => {
    const [row] = personDigestCard(drawingOf({ owned: 1, rows: [ROW] }, task), true).rows ?? [];

    expect(row?.buttons).toEqual([]);
    expect(shown(row?.line)).toContain(became);
  });
});
