import type { Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_TASK_RULES,
  ownerName,
  READ_RECEIPT,
  shortReference,
  standingOf,
} from '../../src/routing/task.ts';
import { STATUSES } from '../support/arbitraries.ts';
import { ANA, bareTask, refTo } from '../support/pure-clinic.ts';

const CLOSED: readonly Task['status'][] = [
  'completed',
  'cancelled',
  'rejected',
  'failed',
  'entered-in-error',
];

describe('A Task', () => {
  it.each(STATUSES)('that is %s stands as status and owner say', (status) => {
    const claimable = status === 'requested' || status === 'ready';
    const open = CLOSED.includes(status) ? 'closed' : undefined;

    const without = standingOf(bareTask({ status }), DEFAULT_TASK_RULES);
    const withOwner = standingOf(bareTask({ status, owner: refTo(ANA) }), DEFAULT_TASK_RULES);

    expect(without).toBe(open ?? (claimable ? 'unclaimed' : 'paused'));
    expect(withOwner).toBe(open ?? (claimable ? 'assigned' : 'claimed'));
  });

  it.each([
    ['a read receipt is ignored', { coding: [READ_RECEIPT] }, 'ignored'],
    ['a read receipt among other codes is ignored', { coding: [{ code: 'x' }, READ_RECEIPT] }, 'ignored'],
    [
      'the same code of another system is work',
      { coding: [{ system: 'x', code: 'read-receipt' }] },
      'unclaimed',
    ],
    ['a text alone never makes a read receipt', { text: 'read-receipt' }, 'unclaimed'],
  ])('%s', (_title, code, expected) => {
    expect(standingOf(bareTask({ code }), DEFAULT_TASK_RULES)).toBe(expected);
  });

  it('is ignored before anything else, even when it is completed or owned', () => {
    const receipt = bareTask({ status: 'completed', owner: refTo(ANA), code: { coding: [READ_RECEIPT] } });

    expect(standingOf(receipt, DEFAULT_TASK_RULES)).toBe('ignored');
  });

  it('waits in the statuses that the configuration names, and in no other', () => {
    const rules = { claimable: ['requested', 'received'], ignoredCodes: [] };

    expect(standingOf(bareTask({ status: 'received' }), rules)).toBe('unclaimed');
    expect(standingOf(bareTask({ status: 'ready' }), rules)).toBe('paused');
  });

  it.each<[string, Task['owner'] | undefined, string]>([
    ['is nobody’s without owner', undefined, 'Nobody'],
    ['is its owner’s, by name', refTo(ANA), 'Ana Silva'],
    [
      'is its owner’s, by reference where there is no name',
      { reference: 'Practitioner/7' },
      'Practitioner/7',
    ],
    [
      'is its owner’s, by reference where the name is blank',
      { reference: 'Practitioner/7', display: ' ' },
      'Practitioner/7',
    ],
    ['is somebody’s where the owner is neither', { identifier: { value: '7' } }, 'Somebody'],
    ['never names a patient who owns it', { reference: 'Patient/1', display: 'Homer Simpson' }, 'Patient'],
    [
      'never names a relative who owns it',
      { reference: 'RelatedPerson/2', display: 'Marge' },
      'Patient’s relative',
    ],
    ['never names a patient by a typed reference', { type: 'Patient', display: 'Homer Simpson' }, 'Patient'],
  ])('%s', (_title, owner, expected) => {
    expect(ownerName(bareTask(owner ? { owner } : {}))).toBe(expected);
  });

  it('is called by the first six characters of its id, in small letters', () => {
    expect(shortReference('A1B2C3D4-0000-4000-8000-000000000001')).toBe('a1b2c3');
    expect(shortReference('t1')).toBe('t1');
  });
});
