import { allServiceTypesCodeableConcept } from '@medplum/core';
import type { Schedule } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { hasFreeSlot } from '../../src/medplum/availability.ts';
import { type Asked, fakeServer, outcome, type Reply, recordErrorOf } from '../support/unit-fhir.ts';

const FROM = new Date('2026-03-02T10:00:00Z');
const TO = new Date('2026-03-02T11:00:00Z');
const SERVICE = 'https://medplum.com/fhir/service-type-reference';
const SLOT = { resourceType: 'Slot', status: 'free', start: FROM.toISOString(), end: TO.toISOString() };
const SCHEDULE: Schedule & { id: string } = {
  resourceType: 'Schedule',
  id: 's1',
  actor: [{ reference: 'Practitioner/ana' }],
};
const BOOKABLE: Schedule = {
  ...SCHEDULE,
  serviceType: [
    {
      extension: [{ url: SERVICE, valueReference: { reference: 'HealthcareService/visit' } }],
      coding: [{ system: 'urn:types', code: 'visit' }],
    },
  ],
};

const bundle = (...resources: object[]) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(resources.length > 0 && { entry: resources.map((resource) => ({ resource })) }),
});
const NO_SUCH_OPERATION: Reply = { status: 404, body: outcome('not-found', 'Not found') };
const REFUSED: Reply = { status: 400, body: outcome(undefined, 'No timezone specified') };

/** A server with these Schedules that answers the two operations so. */
async function ask(
  schedules: readonly object[],
  answers: { schedule?: (asked: Asked) => Reply; appointment?: (asked: Asked) => Reply } = {},
) {
  const server = await fakeServer((asked) => {
    if (asked.path === '/Schedule') return { body: bundle(...schedules) };
    if (asked.path === '/HealthcareService')
      return { body: bundle({ resourceType: 'HealthcareService', id: 'any' }) };
    const answer = asked.path === '/Appointment/$find' ? answers.appointment : answers.schedule;
    return answer?.(asked) ?? NO_SUCH_OPERATION;
  });
  return { asked: server.asked, free: hasFreeSlot(server.client, 'ana', FROM, TO) };
}

describe('Whether somebody has a free slot', () => {
  it.each<[string, object, boolean]>([
    ['that is one', bundle(SLOT), true],
    ['none', bundle(), false],
    ['one in Parameters, as it is documented', parameters(bundle(SLOT)), true],
    ['none in Parameters', parameters(bundle()), false],
  ])('is what the operation of their Schedule finds: %s', async (_what, body, expected) => {
    const { asked, free } = await ask([SCHEDULE], { schedule: () => ({ body }) });

    expect(await free).toBe(expected);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /Schedule',
      'GET /Schedule/s1/$find',
    ]);
    expect(asked[0]?.query.get('actor')).toBe('Practitioner/ana');
    expect(Object.fromEntries(asked[1]?.query ?? [])).toEqual({
      start: '2026-03-02T10:00:00.000Z',
      end: '2026-03-02T11:00:00.000Z',
      _count: '1',
    });
  });

  it('is not known of somebody without a Schedule in use', async () => {
    expect(await (await ask([])).free).toBeUndefined();
    expect(await (await ask([{ ...SCHEDULE, active: false }])).free).toBeUndefined();
  });

  it('is asked for the service types of the Schedule', async () => {
    const { asked, free } = await ask([BOOKABLE], { schedule: () => ({ body: bundle(SLOT) }) });

    await free;

    expect(asked[1]?.query.get('service-type')).toBe('urn:types|visit');
  });

  it('is true where one of several Schedules has one, though another cannot say', async () => {
    const schedules = ['broken', 'full', 'free'].map((id) => ({ ...SCHEDULE, id }));

    const { free } = await ask(schedules, {
      schedule: ({ path }) => {
        if (path.includes('broken')) return REFUSED;
        return { body: path.includes('free') ? bundle(SLOT) : bundle() };
      },
    });

    expect(await free).toBe(true);
  });

  it('is false where those that can say it say no', async () => {
    const schedules = ['broken', 'full'].map((id) => ({ ...SCHEDULE, id }));

    const { free } = await ask(schedules, {
      schedule: ({ path }) => (path.includes('broken') ? REFUSED : { body: bundle() }),
    });

    expect(await free).toBe(false);
  });

  it.each([
    [REFUSED, 'invalid'],
    [NO_SUCH_OPERATION, 'gone'],
    [{ status: 403, body: outcome('forbidden', 'Forbidden') }, 'forbidden'],
  ] as const)('is an error where no Schedule can say it (%j)', async (reply, kind) => {
    const { free } = await ask([SCHEDULE], { schedule: () => reply });

    expect((await recordErrorOf(free)).kind).toBe(kind);
  });

  it('is an error while the server is away', async () => {
    const { free } = await ask([SCHEDULE, { ...SCHEDULE, id: 's2' }], {
      schedule: ({ path }) => (path.includes('s2') ? { body: bundle(SLOT) } : { fault: 'reset' }),
    });

    expect((await recordErrorOf(free)).kind).toBe('unreachable');
  });
});

describe('On a server that has only the operation of the Appointment', () => {
  const appointment = (...found: object[]) => ({ appointment: () => ({ body: bundle(...found) }) });
  const PROPOSED = { resourceType: 'Appointment', status: 'proposed', participant: [] };

  it.each([
    ['one', [PROPOSED], true],
    ['none', [], false],
  ] as const)('the services of the Schedule are asked for: %s', async (_what, found, expected) => {
    const { asked, free } = await ask([BOOKABLE], appointment(...found));

    expect(await free).toBe(expected);
    expect(asked.at(-1)?.path).toBe('/Appointment/$find');
    expect(Object.fromEntries(asked.at(-1)?.query ?? [])).toMatchObject({
      schedule: 'Schedule/s1',
      'service-type-reference': 'HealthcareService/visit',
    });
  });

  it('those of its scheduling parameters are, too', async () => {
    const extension = [
      {
        url: 'https://medplum.com/fhir/StructureDefinition/SchedulingParameters',
        extension: [{ url: 'service', valueReference: { reference: 'HealthcareService/call' } }],
      },
    ];

    const { asked, free } = await ask([{ ...SCHEDULE, extension }], appointment(PROPOSED));

    expect(await free).toBe(true);
    expect(asked.at(-1)?.query.get('service-type-reference')).toBe('HealthcareService/call');
  });

  it('all services are asked for where the Schedule offers all', async () => {
    const serviceType = [allServiceTypesCodeableConcept()];

    const { asked, free } = await ask([{ ...SCHEDULE, serviceType }], appointment(PROPOSED));

    expect(await free).toBe(true);
    expect(asked.at(-1)?.query.get('service-type-reference')).toBe('HealthcareService/any');
  });
});

function parameters(resource: object): object {
  return { resourceType: 'Parameters', parameter: [{ name: 'return', resource }] };
}
