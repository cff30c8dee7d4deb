import type { Bundle, Practitioner, Slot } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { PEOPLE } from '../../sandbox/clinic.ts';
import { relatives, scheduleOf } from '../../sandbox/seed.ts';
import { as, clinic, openTask, outcomeOf } from './fhir-support.ts';

describe('the people of the clinic', () => {
  it('are Practitioners with roles, except for those who have an obstacle', async () => {
    const { medplum, sandbox } = await clinic();
    const bySlackId = (id: string) =>
      medplum.searchOne('Practitioner', `identifier=urn:switchboard:chat:slack:T0CLINIC|${id}`);
    const rolesOf = (practitioner: Practitioner | undefined) =>
      medplum.searchResources('PractitionerRole', `practitioner=Practitioner/${practitioner?.id}`);

    expect((await bySlackId('U0ANA'))?.id).toBe(sandbox.practitionerOf('U0ANA'));
    expect(await bySlackId('U0SAM')).toBeUndefined();
    expect((await bySlackId('U0LENA'))?.active).toBe(false);
    expect(await bySlackId('U0OMAR')).toBeUndefined();
    expect((await medplum.searchOne('Practitioner', 'email=OMAR.haddad@riverside.example'))?.id).toBe(
      sandbox.practitionerOf('U0OMAR'),
    );
    expect(await rolesOf(await bySlackId('U0GRACE'))).toHaveLength(2);
    expect(await rolesOf(await bySlackId('U0IVY'))).toHaveLength(0);
    const [ended] = await rolesOf(await bySlackId('U0PAT'));
    expect(Date.parse(ended?.period?.end ?? '')).toBeLessThan(Date.now());
  });

  it('have no open Tasks to begin with, but answered ones', async () => {
    const { medplum } = await clinic();

    const tasks = await medplum.searchResources('Task');

    expect(tasks.length).toBeGreaterThan(2);
    expect(tasks.every(({ status, output }) => status === 'completed' && output?.length === 1)).toBe(true);
  });
});

describe('the members of the clinic', () => {
  it('are all who are in the record, except for one', async () => {
    const { medplum, sandbox } = await clinic();
    const memberships = await medplum.searchResources('ProjectMembership', '_count=1000');
    const members = new Set(memberships.map(({ profile }) => profile.reference));

    const without = PEOPLE.map(({ slackId }) => sandbox.practitionerOf(slackId)).filter(
      (id) => id !== undefined && !members.has(`Practitioner/${id}`),
    );

    expect(without).toEqual([sandbox.practitionerOf('U0BEN')]);
    expect(memberships.every(({ accessPolicy, access }) => !accessPolicy && !access)).toBe(true);
  });

  it('can have things written on their behalf, and the one without a membership cannot', async () => {
    const { medplum, sandbox } = await clinic();
    const write = (slackId: string) =>
      medplum.createResource(openTask, as(`Practitioner/${sandbox.practitionerOf(slackId)}`));

    for (const { slackId } of PEOPLE.filter(({ featured }) => featured)) {
      if (!sandbox.practitionerOf(slackId) || slackId === 'U0BEN') continue;
      expect((await write(slackId)).meta?.onBehalfOf).toBeDefined();
    }
    expect((await outcomeOf(write('U0BEN'))).id).toBe('forbidden');
  });
});

describe('a patient of the clinic', () => {
  it('has a daughter who writes for her', async () => {
    const { medplum } = await clinic();
    const [daughter] = relatives();

    const found = await medplum.searchResources('RelatedPerson', `patient=Patient/${daughter?.patientId}`);

    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      id: daughter?.id,
      name: [{ given: ['Ines'] }],
      relationship: [{ coding: [{ code: 'DAUC' }] }],
    });
    const patient = await medplum.readResource('Patient', daughter?.patientId ?? '');
    expect(patient.name?.[0]?.given).toEqual(['June']);
  });
});

describe('the calendar of the clinic', () => {
  it('is the pharmacist’s, is free at every hour, and is busy when a Slot says so', async () => {
    const { medplum, sandbox } = await clinic();
    const id = scheduleOf('U0MEI') ?? '';
    const now = Date.now();
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
    const free = async () => {
      const url = medplum.fhirUrl('Schedule', id, '$find');
      url.search = new URLSearchParams({ start: at(0), end: at(60) }).toString();
      return (await medplum.get<Bundle<Slot>>(url, { cache: 'no-store' })).entry ?? [];
    };

    const [schedule] = await medplum.searchResources(
      'Schedule',
      `actor=Practitioner/${sandbox.practitionerOf('U0MEI')}`,
    );
    const before = await free();
    await medplum.createResource<Slot>({
      resourceType: 'Slot',
      schedule: { reference: `Schedule/${id}` },
      status: 'busy-unavailable',
      start: at(-60),
      end: at(120),
    });

    expect(schedule?.id).toBe(id);
    expect(before.length).toBeGreaterThanOrEqual(3);
    expect(await free()).toEqual([]);
    expect(scheduleOf('U0ANA')).toBeUndefined();
  });
});
