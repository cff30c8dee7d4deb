import { describe, expect, it } from 'vitest';
import { membershipOf } from '../../src/medplum/memberships.ts';
import { fakeServer, outcome, type Reply } from '../support/unit-fhir.ts';

const found = (...memberships: { active?: boolean }[]): Reply => ({
  body: {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(memberships.length > 0 && {
      entry: memberships.map((one) => ({ resource: { resourceType: 'ProjectMembership', ...one } })),
    }),
  },
});

describe('whether writes can be made on somebody’s behalf', () => {
  it.each<[string, Reply, string]>([
    ['who has no membership', found(), 'none'],
    ['whose membership is active', found({ active: true }), 'active'],
    ['whose membership does not say', found({}), 'active'],
    [
      'whose membership was switched off, at which the server itself does not look',
      found({ active: false }),
      'inactive',
    ],
    ['who has one that is off and one that is not', found({ active: false }, { active: true }), 'active'],
    ['of whom we may not know', { status: 403, body: outcome('forbidden', 'Forbidden') }, 'unknown'],
  ])('is known of somebody %s', async (_who, reply, expected) => {
    const { client, asked } = await fakeServer(() => reply);

    expect(await membershipOf(client, 'ana')).toBe(expected);
    expect(asked.map(({ path, query }) => [path, query.get('profile')])).toEqual([
      ['/ProjectMembership', 'Practitioner/ana'],
    ]);
  });

  it('is not known while the server does not answer, and that is said', async () => {
    const { client } = await fakeServer(() => ({ fault: 'reset' }));

    await expect(membershipOf(client, 'ana')).rejects.toMatchObject({ kind: 'unreachable' });
  });
});
