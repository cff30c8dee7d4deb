import type { CodeableConcept, Communication, Extension, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { snoozeExtension } from '../../src/record/snooze.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { performerTypeOf, VISIBILITIES } from '../../src/routing/pools.ts';
import { PRIORITIES } from '../../src/routing/priority.ts';
import { REASONS } from '../../src/routing/reasons.ts';
import { READ_RECEIPT } from '../../src/routing/task.ts';
import { VERBS } from '../../src/verbs/index.ts';
import type { Until } from '../../src/verbs/until.ts';
import type { Inputs, Target, Verb } from '../../src/verbs/verb.ts';
import { EVERYBODY, header, POOLS, refTo, TASK_ID } from './pure-clinic.ts';

/** Every status that R4 knows for a Task. */
export const STATUSES: readonly Task['status'][] = [
  'draft',
  'requested',
  'received',
  'accepted',
  'rejected',
  'ready',
  'cancelled',
  'in-progress',
  'on-hold',
  'failed',
  'completed',
  'entered-in-error',
];

/** Text as people write it: of any script, with emoji, of any length that fits. */
export const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

export const people = fc.constantFrom(...EVERYBODY);

/** A performerType that no pool is configured for. */
const FOREIGN: CodeableConcept = {
  coding: [{ system: 'http://snomed.info/sct', code: '1' }],
  text: 'Dentist',
};

/** None, one or two, of the pools or foreign. */
export const performerTypes = fc.subarray([...POOLS.flatMap(performerTypeOf), FOREIGN], { maxLength: 2 });

const note = fc.record({
  authorReference: people.map(refTo),
  time: fc.constant('2026-03-01T08:00:00.000Z'),
  text: words,
});

const few = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 1, maxLength: 2 });

const SNOOZED = snoozeExtension({ start: '2026-03-02T08:00:00.000Z' });

/** Tasks as real records have them: with any element left out that may be. */
export const tasks: fc.Arbitrary<Task & { id: string }> = fc
  .record(
    {
      resourceType: fc.constant('Task' as const),
      id: fc.constant(TASK_ID),
      intent: fc.constant('order' as const),
      meta: fc.constant({ versionId: 'v0', lastUpdated: '2026-03-02T09:00:00.000Z' }),
      // Mostly those in which something can be done.
      status: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom<Task['status']>('requested', 'ready', 'accepted') },
        fc.constantFrom(...STATUSES),
      ),
      owner: people.map(refTo),
      performerType: performerTypes.filter((types) => types.length > 0),
      focus: fc.constant({ reference: 'Communication/header' }),
      for: fc.record({ reference: fc.constant('Patient/homer-simpson'), display: words }),
      code: fc.oneof(
        { weight: 5, arbitrary: words.map((text): CodeableConcept => ({ text })) },
        fc.constant<CodeableConcept>({ coding: [READ_RECEIPT] }),
      ),
      priority: fc.constantFrom(...PRIORITIES),
      businessStatus: fc.constantFrom('unassigned', 'claimed', 'escalated').map((text) => ({ text })),
      note: few(note),
      extension: fc.constantFrom<Extension[]>(
        [SNOOZED],
        [{ url: 'https://clinic.example/extension', valueString: 'x' }, SNOOZED],
        [{ url: 'https://clinic.example/extension', valueString: 'x' }],
      ),
      authoredOn: fc.constantFrom('2026-03-02T09:00:00.000Z', '2026-03-01', '2026'),
    },
    { requiredKeys: ['resourceType', 'id', 'intent', 'meta', 'status'] },
  )
  .map((task): Task & { id: string } => task);

/** Who is in a thread beside the owner of its Task. */
const PARTICIPANTS = [
  { reference: 'Patient/homer-simpson', display: 'Homer Simpson' },
  { reference: 'Practitioner/creator', display: 'Dr. Alice Smith' },
];

/** The thread header that goes with a Task; none where the Task has no focus. */
export function threadsOf(task: Task): fc.Arbitrary<(Communication & { id: string }) | undefined> {
  if (task.focus === undefined) return fc.constant(undefined);
  const owner = task.owner?.reference?.startsWith('Practitioner/') ? [task.owner.reference] : [];
  return fc.subarray(PARTICIPANTS).map((participants) => {
    const recipient: NonNullable<Communication['recipient']> = [
      ...participants.map(({ reference, display }) => ({ reference, display })),
      ...owner.map((reference) => ({ reference })),
    ];
    return header(recipient.length > 0 ? recipient : undefined);
  });
}

export const targets: fc.Arbitrary<Target> = fc.oneof(
  fc.constantFrom(...POOLS).map((pool): Target => ({ kind: 'pool', pool })),
  people.map((member): Target => ({ kind: 'person', member })),
);

export const untils: fc.Arbitrary<Until> = fc.oneof(
  fc.integer({ min: 0, max: 8 * 24 * 60 }).map((minutes): Until => ({ kind: 'in', ms: minutes * 60_000 })),
  fc.constantFrom<Until>({ kind: 'at', time: '14:30' }, { kind: 'opening' }, { kind: 'reply' }),
);

const filled = {
  target: targets,
  reason: fc.constantFrom(...REASONS),
  visibility: fc.constantFrom(...VISIBILITIES),
  until: untils,
  note: words,
};

/** Everything filled in, or some of it left out. */
export const inputs: fc.Arbitrary<Inputs> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(filled, { requiredKeys: ['target', 'reason', 'until', 'note'] }),
  },
  fc.record(filled, { requiredKeys: [] }),
);

/** Somebody presses something. */
export interface Press {
  readonly verb: Verb;
  readonly by: Member;
  readonly inputs: Inputs;
}

export const presses: fc.Arbitrary<Press> = fc.record({
  verb: fc.constantFrom(...VERBS),
  by: people,
  inputs,
});
