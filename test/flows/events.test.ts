import type { Operation } from '@medplum/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FateOf } from '../../sandbox/fhir/index.ts';
import { type Clinic, type ClinicOptions, eventually, openClinic } from '../support/clinic.ts';
import { buttonsOf, wordsOf } from '../support/flow-card.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const TASKS = 12;

const WAYS: readonly { readonly way: string; readonly options: ClinicOptions }[] = [
  { way: 'as deliveries', options: {} },
  {
    way: 'over a websocket',
    options: {
      env: { MEDPLUM_EVENTS: 'websocket', MEDPLUM_WEBHOOK_SECRET: '' },
      sandbox: { websockets: true },
    },
  },
];

/** Numbers from 0 to 1, the same for a seed: a linear congruential generator. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe.each(WAYS)('events $way', ({ way, options }) => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({ sweepSeconds: 2, ...options });
    if (way === 'over a websocket')
      await eventually(() => expect(clinic.sandbox.fhir.sockets.bound()).toBe(2));
  });
  afterAll(() => clinic?.close());

  const change = (taskId: string, patch: Operation[]) =>
    clinic.sandbox.fhir.repository.patchResource('Task', taskId, patch);

  /** What happens to one Task elsewhere, step by step; where it waits at the end, or what else its card says. */
  const STORIES: readonly {
    readonly steps: readonly (() => Operation[])[];
    readonly waits?: string;
    readonly says?: string;
  }[] = [
    { steps: [], waits: NURSES },
    { steps: [claim], says: '*Ana Silva* has this.' },
    { steps: [claim, release], waits: NURSES },
    { steps: [claim, complete], says: 'ompleted' },
    { steps: [toCardiology], waits: CARDIO },
    { steps: [claim, release, toCardiology], waits: CARDIO },
  ];

  function claim(): Operation[] {
    const owner = { reference: clinic.practitioner('U0ANA'), display: 'Ana Silva' };
    return [
      { op: 'replace', path: '/status', value: 'accepted' },
      { op: 'add', path: '/owner', value: owner },
    ];
  }
  function release(): Operation[] {
    return [
      { op: 'replace', path: '/status', value: 'requested' },
      { op: 'remove', path: '/owner' },
    ];
  }
  function complete(): Operation[] {
    return [{ op: 'replace', path: '/status', value: 'completed' }];
  }
  function toCardiology(): Operation[] {
    const performerType = [{ coding: [{ system: 'http://snomed.info/sct', code: '17561000' }] }];
    return [{ op: 'replace', path: '/performerType', value: performerType }];
  }

  it.each([1, 2])(
    'that come up to three times, in any order, and half of them never, leave every card true (seed %s)',
    async (seed) => {
      const next = numbers(seed);
      const fate: FateOf = () =>
        next() < 0.5 ? [] : Array.from({ length: 1 + Math.floor(next() * 3) }, () => next() * 400);
      clinic.sandbox.fhir.decideFate(fate);
      const told = await Promise.all(
        Array.from({ length: TASKS }, async (_, i) => {
          const story = STORIES[i % STORIES.length];
          if (story === undefined) throw new Error('There is no such story.');
          const taskId = await clinic.patientWrites();
          // Some change before anybody has heard of them, and some when they have a card.
          const hasCard = i >= STORIES.length;
          if (hasCard) await clinic.card(taskId, NURSES);
          for (const step of story.steps) await change(taskId, step());
          return { taskId, story, hasCard };
        }),
      );

      for (const { taskId, story, hasCard } of told) {
        await eventually(() => {
          for (const channel of [NURSES, CARDIO]) {
            const cards = clinic.cards(taskId, channel);
            const offers = cards.filter((card) => buttonsOf(card).includes('Claim'));
            expect(offers).toHaveLength(channel === story.waits ? 1 : 0);
            expect(cards.length).toBeLessThanOrEqual(1);
          }
          const [first] = clinic.cards(taskId, NURSES);
          if (hasCard && story.says) expect(first && wordsOf(first)).toContain(story.says);
        }, 30_000);
      }
      clinic.sandbox.fhir.decideFate();
    },
    90_000,
  );
});

describe('without an address of ours', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      env: { MEDPLUM_EVENTS: 'websocket', MEDPLUM_WEBHOOK_SECRET: '' },
      sandbox: { websockets: true },
    });
    await eventually(() => expect(clinic.sandbox.fhir.sockets.bound()).toBe(2));
  });
  afterAll(() => clinic?.close());

  it('a card follows at once what is changed elsewhere, and nobody is delivered to', async () => {
    const taskId = await clinic.patientWrites();
    await clinic.card(taskId, NURSES);

    await clinic.sandbox.fhir.repository.patchResource('Task', taskId, [
      { op: 'replace', path: '/status', value: 'cancelled' },
    ]);

    await eventually(async () => expect(wordsOf(await clinic.card(taskId, NURSES))).toMatch(/cancelled/i));
    expect(clinic.sandbox.fhir.deliveries).toEqual([]);
  });

  it('what was written while the connection was down is found as soon as it is back', async () => {
    clinic.sandbox.fhir.sockets.drop();
    const taskId = await clinic.patientWrites();

    // The next look of the sweep would come in an hour.
    await clinic.card(taskId, NURSES);

    // What was missed is looked for as soon as one of the two is bound.
    await eventually(() => expect(clinic.sandbox.fhir.sockets.bound()).toBe(2));
    expect(clinic.logged.filter((line) => line.includes('Medplum cannot tell us'))).toHaveLength(1);
  });

  it('a stopped application lets go of the connection', async () => {
    await clinic.stopApp();

    await eventually(() => expect(clinic.sandbox.fhir.sockets.bound()).toBe(0));
  });
});

describe('where the project may have no WebSocket subscriptions', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      env: { MEDPLUM_EVENTS: 'websocket', MEDPLUM_WEBHOOK_SECRET: '' },
      sweepSeconds: 1,
    });
  });
  afterAll(() => clinic?.close());

  it('the log says what the project needs, and the sweep goes on', async () => {
    const taskId = await clinic.patientWrites();

    await clinic.card(taskId, NURSES);

    const said = () =>
      clinic.logged.filter((line) => line.includes('needs the feature websocket-subscriptions'));
    // The card may be there before the record has refused the subscription.
    await eventually(() => expect(said()).toHaveLength(1));
  });
});
