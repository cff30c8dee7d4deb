import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { closedAt } from '../../src/duties/closing.ts';
import { threadIdsOf } from '../../src/duties/thread.ts';
import { mostUrgent } from '../../src/duties/urgency.ts';
import { heardAt } from '../../src/record/answer.ts';
import { ANA, claimedBy } from '../support/pure-clinic.ts';
import { at, patientSays } from '../support/pure-thread.ts';

describe('When a message was said', () => {
  it.each([
    ['when it was sent', { sent: '2026-03-02T09:00:00+01:00' }, at('08:00')],
    ['when it was written down, where nobody says', { sent: undefined }, at('09:30')],
    ['when it was written down, where the sender’s clock runs ahead', { sent: at('23:00') }, at('09:30')],
    ['long before it was written down, where it came late', { sent: at('01:00') }, at('01:00')],
  ])('is %s', (_what, { sent }, expected) => {
    const { sent: _, ...message } = patientSays('m1', '09:30');

    expect(heardAt({ ...message, ...(sent && { sent }) })).toBe(expected);
  });
});

describe('The threads of a message', () => {
  it.each<[readonly unknown[], string[]]>([
    [['Communication/h1'], ['h1']],
    [
      ['Communication/h1', 'Communication/h1', 'Communication/h2'],
      ['h1', 'h2'],
    ],
    [['Communication/h1/_history/2'], []],
    [['https://elsewhere/Communication/h1'], []],
    [['Task/h1', 'h1', undefined, 7, null, { reference: 'x' }], []],
    [['Communication/h1&_count=1000'], []],
    [[`Communication/${'a'.repeat(65)}`], []],
    [Array.from({ length: 1000 }, (_, i) => `Communication/h${i}`), ['h0', 'h1', 'h2', 'h3', 'h4']],
  ])('by its references %j are %j', (references, expected) => {
    expect(threadIdsOf(references)).toEqual(expected);
  });
});

describe('A closed Task', () => {
  const version = (time: string, status: Task['status']) =>
    claimedBy(ANA, { status, meta: { versionId: time, lastUpdated: at(time) } });

  it.each<[string, Task[], string | undefined]>([
    [
      'was closed by its newest version',
      [version('10:00', 'completed'), version('09:00', 'accepted')],
      '10:00',
    ],
    [
      'was closed before somebody added a note',
      [version('11:00', 'completed'), version('10:00', 'completed'), version('09:00', 'accepted')],
      '10:00',
    ],
    [
      'was closed for the last time after it was opened again',
      [version('12:00', 'cancelled'), version('11:00', 'accepted'), version('10:00', 'completed')],
      '12:00',
    ],
    ['was written so, where it was never open', [version('10:00', 'completed')], '10:00'],
    [
      'is told from a history in another order',
      [version('09:00', 'accepted'), version('11:00', 'completed'), version('10:00', 'completed')],
      '10:00',
    ],
    [
      'is none, where it is open again',
      [version('10:00', 'accepted'), version('09:00', 'completed')],
      undefined,
    ],
  ])('%s', (_what, versions, expected) => {
    expect(closedAt(versions)).toBe(expected && at(expected));
  });
});

describe('The highest of some priorities', () => {
  it.each([
    [['routine', 'stat', 'asap'], 'stat'],
    [['asap', 'urgent'], 'asap'],
    [['whenever', undefined], 'routine'],
    [[], 'routine'],
  ])('%j is %s', (codes, expected) => {
    expect(mostUrgent(codes)).toBe(expected);
  });
});
