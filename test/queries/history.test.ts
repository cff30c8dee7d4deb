import type { Provenance, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { type Chapter, listHistory, successorIn } from '../../src/queries/history.ts';
import { snoozeExtension } from '../../src/record/snooze.ts';
import { TASK_REPLACES } from '../../src/record/successor.ts';
import { performerTypeOf } from '../../src/routing/pools.ts';
import {
  COMPLETION_REASONS,
  ESCALATION_REASONS,
  findReason,
  NOT_CLAIMED_IN_TIME,
  REASONS,
} from '../../src/routing/reasons.ts';
import { READ_RECEIPT } from '../../src/routing/task.ts';
import { ANA, BEN, CARDIOLOGY, NOW, NURSES, refTo, TASK_ID, taskIn } from '../support/pure-clinic.ts';
import { provenance, type Step, versionsOf } from '../support/pure-past.ts';
import { askingOf, linesOf, sectionsRead } from '../support/pure-queries.ts';

const AT = (time: string) => `2026-03-02T${time}:00.000Z`;
const wrongPool = findReason('wrong-pool', REASONS);
const byPhone = findReason('answered-by-phone', COMPLETION_REASONS);
const worse = findReason('symptoms-worse', ESCALATION_REASONS);
const ladder = (step: string) =>
  provenance('escalate', 'Switchboard', AT('09:00'), { left: 'v2', reason: NOT_CLAIMED_IN_TIME, step });
const note = (text: string) => ({ text, authorReference: refTo(ANA) });

const arrived: Step = { at: AT('07:00'), authoredOn: AT('07:00'), priority: 'urgent' };
const claimed: Step = { at: AT('07:12'), status: 'accepted', owner: refTo(ANA) };
const claim = provenance('claim', ANA, AT('07:12'));

function chapter(
  steps: readonly Step[],
  provenances: readonly Provenance[] = [],
  more: Partial<Task> = {},
): Chapter {
  const versions = versionsOf(steps, { ...taskIn(NURSES, more), id: more.id ?? TASK_ID });
  const [task = taskIn()] = versions;
  return { task, versions, truncated: false, provenances };
}

const story = (...chapters: Chapter[]) => listHistory(chapters, false, askingOf('history'));

/** What is told after the instant, of the newest moment. */
function last(steps: readonly Step[], ...provenances: Provenance[]): string {
  const line = linesOf(story(chapter(steps, provenances))).at(-1) ?? '';
  return line.split('  ·  ').slice(1).join('  ·  ');
}

describe('The history of a Task', () => {
  it('tells who had it, from when, for how long, and why it moved', () => {
    const rerouted: Step = {
      at: AT('09:22'),
      status: 'requested',
      owner: undefined,
      performerType: performerTypeOf(CARDIOLOGY),
      note: [note('Homer’s heart')],
    };
    const back = provenance('reroute', ANA, AT('09:22'), { reason: wrongPool, left: 'v2' });

    const listing = story(chapter([arrived, claimed, rerouted], [back, claim]));

    expect(listing.sentence).toBe(
      'Task a1b2c3 has waited in “Cardiologist” for 38 min. It arrived 3 h ago and has moved once.',
    );
    expect(linesOf(listing)).toEqual([
      `${AT('07:00')}  ·  Arrived in Registered nurse, Urgent. It waited for 12 min.`,
      `${AT('07:12')}  ·  Ana Silva claimed it. Had it for 2 h 10 min.`,
      `${AT('09:22')}  ·  Ana Silva rerouted it to Cardiologist: Wrong pool, with a note. It has waited for 38 min.`,
    ]);
  });

  it('tells what moved nothing apart from what moved it right after', () => {
    const escalated: Step = { at: AT('07:05'), businessStatus: { text: 'escalated' } };
    const snooze = snoozeExtension({ start: AT('08:00') });
    const steps: Step[] = [
      arrived,
      escalated,
      { ...claimed, businessStatus: { text: 'claimed' } },
      { at: AT('08:00'), extension: [snooze] },
      { at: AT('09:00'), status: 'requested', owner: undefined, extension: undefined },
    ];
    const provenances = [
      provenance('release', ANA, AT('09:00'), { left: 'v4', reason: wrongPool }),
      provenance('snooze', ANA, AT('08:00'), { left: 'v3' }),
      provenance('claim', ANA, AT('07:12'), { left: 'v2' }),
      provenance('escalate', BEN, AT('07:05'), { left: 'v1', reason: worse }),
    ];

    expect(linesOf(story(chapter(steps, provenances))).slice(1)).toEqual([
      `${AT('07:05')}  ·  Ben Carter escalated it: Symptoms are getting worse.`,
      `${AT('07:12')}  ·  Ana Silva claimed it. Had it for 1 h 48 min.`,
      `${AT('08:00')}  ·  Ana Silva snoozed it until the patient writes.`,
      `${AT('09:00')}  ·  Ana Silva released it to Registered nurse: Wrong pool. It has waited for 1 h.`,
    ]);
  });

  it.each<[string, string, Step, Provenance | undefined]>([
    [
      'released',
      'Ana Silva released it to Registered nurse: Wrong pool. It has waited for 1 h.',
      { at: AT('09:00'), status: 'requested', owner: undefined },
      provenance('release', ANA, AT('09:00'), { left: 'v2', reason: wrongPool }),
    ],
    [
      'rerouted to a person',
      'Ana Silva rerouted it to Ben Carter: Wrong pool. Not accepted yet, after 1 h.',
      { at: AT('09:00'), status: 'requested', owner: refTo(BEN), performerType: undefined },
      provenance('reroute', ANA, AT('09:00'), { left: 'v2', reason: wrongPool }),
    ],
    [
      'completed with an answer',
      'Ana Silva completed it with the answer in the thread.',
      {
        at: AT('09:00'),
        status: 'completed',
        output: [{ type: { text: 'Reply' }, valueReference: { reference: 'Communication/1' } }],
      },
      provenance('complete', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'completed without one',
      'Ana Silva completed it without an answer in the thread: Answered by phone, with a note.',
      { at: AT('09:00'), status: 'completed', note: [note('Told her.')] },
      provenance('complete', ANA, AT('09:00'), { left: 'v2', reason: byPhone }),
    ],
    [
      'noted',
      'Ana Silva added a note.',
      { at: AT('09:00'), note: [note('Told her.')] },
      provenance('note', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'made more urgent by Switchboard',
      'Switchboard raised the priority to STAT.',
      { at: AT('09:00'), priority: 'stat' },
      provenance('raise', 'Switchboard', AT('09:00'), { left: 'v2' }),
    ],
    [
      'given back for somebody who is away',
      'Switchboard gave it back to Registered nurse: Wrong pool. It has waited for 1 h.',
      { at: AT('09:00'), status: 'requested', owner: undefined },
      provenance('cover', 'Switchboard', AT('09:00'), { left: 'v2', reason: wrongPool }),
    ],
    [
      'given to whoever covers for somebody',
      'Switchboard gave it to Ben Carter. Not accepted yet, after 1 h.',
      { at: AT('09:00'), status: 'requested', owner: refTo(BEN) },
      provenance('cover', 'Switchboard', AT('09:00'), { left: 'v2' }),
    ],
    [
      'completed by Switchboard',
      'Switchboard completed it with the answer in the thread.',
      {
        at: AT('09:00'),
        status: 'completed',
        output: [{ type: { text: 'Reply' }, valueReference: { reference: 'Communication/1' } }],
      },
      provenance('complete', 'Switchboard', AT('09:00'), { left: 'v2' }),
    ],
    [
      'escalated',
      'Ana Silva escalated it: Symptoms are getting worse, with a note.',
      { at: AT('09:00'), businessStatus: { text: 'escalated' }, note: [note('She faints.')] },
      provenance('escalate', ANA, AT('09:00'), { left: 'v2', reason: worse }),
    ],
    [
      'escalated by Switchboard, which called the channel',
      'Switchboard escalated it and called the channel: Not claimed in time.',
      { at: AT('09:00'), businessStatus: { text: 'escalated' } },
      ladder('nurses/0/mention'),
    ],
    [
      'escalated by Switchboard, which told a lead',
      'Switchboard escalated it and told whoever leads the pool: Not claimed in time.',
      { at: AT('09:00'), businessStatus: { text: 'escalated' } },
      ladder('nurses/1/lead'),
    ],
    [
      'escalated by Switchboard to another pool',
      'Switchboard escalated it to Cardiologist: Not claimed in time. It has waited for 1 h.',
      {
        at: AT('09:00'),
        status: 'requested',
        owner: undefined,
        performerType: performerTypeOf(CARDIOLOGY),
        businessStatus: { text: 'escalated' },
      },
      ladder('nurses/2/reroute'),
    ],
    [
      'snoozed until a time',
      'Ana Silva snoozed it until 2026-03-02T11:00:00.000Z.',
      { at: AT('09:00'), extension: [snoozeExtension({ start: AT('09:00'), end: AT('11:00') })] },
      provenance('snooze', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'snoozed until the patient writes',
      'Ana Silva snoozed it until the patient writes.',
      { at: AT('09:00'), extension: [snoozeExtension({ start: AT('09:00') })] },
      provenance('snooze', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'kept',
      'Ana Silva is still on it.',
      { at: AT('09:00'), extension: [snoozeExtension({ start: AT('09:00'), end: AT('10:00') })] },
      provenance('keep', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'changed by a verb of a later version',
      'Ana Silva changed (triage) it.',
      { at: AT('09:00'), priority: 'urgent', businessStatus: { text: 'triaged' } },
      provenance('triage', ANA, AT('09:00'), { left: 'v2' }),
    ],
    [
      'given away elsewhere',
      'Changed in Medplum by Ben Carter: it is assigned to Ben Carter, the priority is ASAP. Not accepted yet, after 1 h.',
      {
        at: AT('09:00'),
        status: 'requested',
        owner: refTo(BEN),
        priority: 'asap',
        meta: { onBehalfOf: refTo(BEN) },
      },
      undefined,
    ],
    [
      'noted elsewhere',
      'Changed in Medplum: a note was added.',
      { at: AT('09:00'), note: [note('Told her.')], meta: { author: { reference: 'ClientApplication/1' } } },
      undefined,
    ],
    [
      'changed elsewhere by the patient',
      'Changed in Medplum by the patient: it is cancelled.',
      {
        at: AT('09:00'),
        status: 'cancelled',
        meta: { author: { reference: 'Patient/1', display: 'Homer Simpson' } },
      },
      undefined,
    ],
    [
      'changed elsewhere in nothing that matters',
      'Changed in Medplum by Ben Carter; nothing about who has it.',
      { at: AT('09:00'), description: 'About Homer', meta: { author: refTo(BEN) } },
      undefined,
    ],
  ])('says in plain words that it was %s', (_what, words, step, beside) => {
    const told = beside ? [claim, beside] : [claim];

    expect(last([arrived, claimed, step], ...told)).toBe(words);
  });

  it('says that somebody accepted what was assigned to them, and how long it took', () => {
    const assigned: Step = { at: AT('07:12'), owner: refTo(BEN) };
    const accept = provenance('accept', BEN, AT('07:40'), { left: 'v2' });

    const lines = linesOf(
      story(chapter([arrived, assigned, { at: AT('07:40'), status: 'accepted' }], [accept])),
    );

    expect(lines[1]).toContain('Changed in Medplum: it is assigned to Ben Carter. Assigned for 28 min.');
    expect(lines[2]).toContain('Ben Carter accepted it. Has had it for 2 h 20 min.');
  });

  it('gives a Provenance that another application wrote beside its change as the reason', () => {
    const foreign: Provenance = {
      resourceType: 'Provenance',
      target: [{ reference: `Task/${TASK_ID}` }],
      recorded: AT('09:00'),
      agent: [{ who: { reference: 'Practitioner/house', display: 'Dr. Gregory House' } }],
      reason: [{ coding: [{ code: 'specialty-referral', display: 'Specialty referral' }] }],
    };
    const moved: Step = { at: AT('09:00'), status: 'requested', owner: refTo(BEN) };

    expect(last([arrived, claimed, moved], claim, foreign)).toBe(
      'Changed in Medplum by Dr. Gregory House: it is assigned to Ben Carter. Reason: Specialty referral. Not accepted yet, after 1 h.',
    );
  });

  it('tells how often nothing happened', () => {
    const quiet = [1, 2, 3].map((i): Step => ({ at: AT(`08:0${i}`), description: `${i}` }));

    expect(last([arrived, claimed, ...quiet], claim)).toBe(
      'Changed 3 times in Medplum; nothing about who has it.',
    );
  });

  it('shows its end first, in the order in which it happened, and turns back to its beginning', () => {
    const steps = Array.from({ length: 200 }, (_, i): Step => {
      const at = new Date(NOW.getTime() - (200 - i) * 60_000).toISOString();
      return i % 2
        ? { at, status: 'accepted', owner: refTo(ANA) }
        : { at, status: 'requested', owner: undefined };
    });
    const long = chapter(steps);

    const latest = listHistory([long], false, askingOf('history'));
    const before = listHistory([long], false, askingOf('history', { page: 2 }));
    const first = listHistory([long], false, askingOf('history', { page: 20 }));

    expect(latest.turn?.label).toBe('Earlier');
    expect(linesOf(latest)).toHaveLength(10);
    expect(linesOf(latest).at(-1)).toContain('Has had it for 1 min');
    expect(
      linesOf(before)
        .at(-1)
        ?.localeCompare(linesOf(latest)[0] ?? ''),
    ).toBe(-1);
    expect(linesOf(first)[0]).toContain('Arrived in Registered nurse');
    expect(first.turn?.label).toBe('Back to the latest');
    expect(latest.sentence).toContain('has moved 99 times');
  });

  it('says where it is not told to its beginning', () => {
    const long = { ...chapter([arrived, claimed], [claim]), truncated: true };

    expect(listHistory([long], false, askingOf('history')).sentence).toContain(
      'Only its newest 2 changes are told here.',
    );
    expect(listHistory([long], true, askingOf('history')).sentence).toContain('it went through more Tasks');
    expect(linesOf(story(long)).join()).not.toContain('Arrived');
  });

  it('has nothing of the patient: no name, no note, no free text', () => {
    const steps: Step[] = [
      { ...arrived, description: 'Homer coughs', code: { text: 'Homer coughs' } },
      { ...claimed, note: [note('Homer coughs')] },
      { at: AT('08:00'), owner: { reference: 'Patient/1', display: 'Homer Simpson' }, status: 'requested' },
    ];

    expect(JSON.stringify(story(chapter(steps, [claim])))).not.toMatch(/homer|cough/i);
  });

  it.each([
    ['nothing is left to do', { at: AT('09:00'), status: 'completed' } as const, 'Task a1b2c3 is completed.'],
    ['somebody has it', claimed, 'Ana Silva has had Task a1b2c3 for 2 h 48 min.'],
    [
      'somebody has yet to accept it',
      { at: AT('09:00'), owner: refTo(BEN) },
      'Task a1b2c3 has been assigned to Ben Carter for 1 h, and is not accepted yet.',
    ],
  ])('begins with how it stands: %s', (_what, step, sentence) => {
    expect(story(chapter([arrived, step])).sentence).toMatch(sentence);
  });

  it('is not told of what is nobody’s work', () => {
    const listing = story(chapter([arrived], [], { code: { coding: [READ_RECEIPT] } }));

    expect(listing.sections).toEqual([]);
    expect(listing.sentence).toContain('is not a patient message that waits for an answer');
  });
});

describe('The history of a Task that another one replaced', () => {
  const NEW = 'd4e5f6a7-0000-4000-8000-000000000002';
  const moved = provenance('reroute', ANA, AT('09:22'), {
    left: 'v2',
    reason: wrongPool,
    successor: [NEW, 'Cardiologist'],
  });
  const old = chapter(
    [
      arrived,
      claimed,
      {
        at: AT('09:22'),
        status: 'cancelled',
        businessStatus: { text: 'rerouted' },
        note: [note('See new Task')],
      },
    ],
    [moved, claim],
  );
  const next = chapter([{ at: AT('09:22'), authoredOn: AT('07:00'), priority: 'urgent' }], [moved], {
    id: NEW,
    performerType: performerTypeOf(CARDIOLOGY),
    extension: [{ url: TASK_REPLACES, valueReference: { reference: `Task/${TASK_ID}` } }],
  });

  it('is told on, in the Task that took its place', () => {
    const listing = story(old, next);

    expect(listing.sentence).toBe(
      'Task d4e5f6 has waited in “Cardiologist” for 38 min. It arrived 3 h ago and has moved once.',
    );
    expect(sectionsRead(listing)).toEqual([
      [
        'Task a1b2c3',
        [
          `${AT('07:00')}  ·  Arrived in Registered nurse, Urgent. It waited for 12 min.`,
          `${AT('07:12')}  ·  Ana Silva claimed it. Had it for 2 h 10 min.`,
          `${AT('09:22')}  ·  Ana Silva rerouted it to Cardiologist: Wrong pool, with a note. It goes on as Task d4e5f6.`,
        ],
      ],
      [
        'Task d4e5f6',
        [`${AT('09:22')}  ·  Replaces Task a1b2c3 in Cardiologist, Urgent. It has waited for 38 min.`],
      ],
    ]);
  });

  it('says who rerouted it and why, where the Task before it cannot be read', () => {
    expect(linesOf(story(next))).toEqual([
      `${AT('09:22')}  ·  Replaces Task a1b2c3, rerouted by Ana Silva: Wrong pool. It began in Cardiologist, Urgent. It has waited for 38 min.`,
    ]);
  });

  it('says where it went, where the Task after it cannot be read', () => {
    expect(linesOf(story(old)).at(-1)).toContain('It goes on as Task d4e5f6.');
  });

  it('leads from the old Task to the new one, and not back', () => {
    expect(successorIn(TASK_ID, old.provenances)).toBe(NEW);
    expect(successorIn(NEW, next.provenances)).toBeUndefined();
  });
});
