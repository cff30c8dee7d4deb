import type { Communication } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { latestAnswer } from '../../src/record/answer.ts';
import { ANA, BEN, claimedBy, refTo } from '../support/pure-clinic.ts';

const HOMER = { reference: 'Patient/homer-simpson' };
const task = claimedBy(ANA, { authoredOn: '2026-03-02T09:00:00.000Z' });

/** A message of the thread, at so many minutes past nine. */
function said(
  id: string,
  minute: number,
  sender: Communication['sender'],
  more: Partial<Communication> = {},
): Communication & { id: string } {
  const sent = new Date(Date.parse('2026-03-02T09:00:00Z') + minute * 60_000).toISOString();
  return {
    resourceType: 'Communication',
    id,
    status: 'in-progress',
    sent,
    ...(sender && { sender }),
    ...more,
  };
}

describe('The answer in a thread', () => {
  it.each<[string, Communication['sender']]>([
    ['a Practitioner', refTo(ANA)],
    ['somebody in a role', { reference: 'PractitionerRole/1' }],
    ['the clinic', { reference: 'Organization/1' }],
  ])('is what %s has said', (_who, sender) => {
    const messages = [said('question', 0, HOMER), said('answer', 5, sender)];

    expect(latestAnswer(messages, task)?.id).toBe('answer');
  });

  it.each<[string, Communication & { id: string }]>([
    ['what the patient says', said('no', 5, HOMER)],
    ['what a relative says', said('no', 5, { reference: 'RelatedPerson/marge' })],
    ['what a device sends by itself', said('no', 5, { reference: 'Device/auto-reply' })],
    ['what nobody is said to have sent', said('no', 5, undefined)],
    ['a draft', said('no', 5, refTo(ANA), { status: 'preparation' })],
    ['what was taken back', said('no', 5, refTo(ANA), { status: 'entered-in-error' })],
    ['what was said before the Task was opened', said('no', -1, refTo(ANA))],
  ])('is not %s', (_what, message) => {
    expect(latestAnswer([said('question', 0, HOMER), message], task)).toBeUndefined();
  });

  it('is the newest of them, in whatever order they come', () => {
    const messages = [
      said('second', 9, refTo(BEN), { status: 'completed' }),
      said('thanks', 12, HOMER),
      said('first', 5, refTo(ANA)),
    ];

    expect(latestAnswer(messages, task)?.id).toBe('second');
  });

  it('is known by when it was written down where nobody says when it was sent', () => {
    const { sent: _, ...message } = said('answer', 0, refTo(ANA), {
      meta: { lastUpdated: '2026-03-02T09:30:00.000Z' },
    });

    expect(latestAnswer([message], task)?.id).toBe('answer');
    expect(latestAnswer([message], { ...task, authoredOn: '2026-03-02T09:31:00.000Z' })).toBeUndefined();
  });

  it('may be of the day on which the Task was opened, where nobody says at what time', () => {
    expect(latestAnswer([said('answer', -300, refTo(ANA))], { ...task, authoredOn: '2026-03-02' })?.id).toBe(
      'answer',
    );
  });
});
