import type { Communication } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ownership, type RecipientRule, recipientPatch } from '../../src/record/recipients.ts';
import { ANA, BEN, CHIDI, header, refTo } from '../support/pure-clinic.ts';
import { applied } from '../support/pure-record.ts';

type Recipients = NonNullable<Communication['recipient']>;

const homer = { reference: 'Patient/homer-simpson', display: 'Homer Simpson' } as const;
const creator = { reference: 'Practitioner/creator' } as const;
const unnamed = { display: 'Front desk' };
const [ana, ben, chidi] = [ANA, BEN, CHIDI].map((member) => recipient(refTo(member)));

describe('The recipients of a thread', () => {
  it.each<[string, RecipientRule, Recipients, Ownership, Recipients | undefined]>([
    ['gain the owner', 'follow', [homer], own(ANA), [homer, ...some(ana)]],
    ['gain the owner where there were none', 'follow', [], own(ANA), some(ana)],
    [
      'lose the former owner and gain the new one',
      'follow',
      [homer, ...some(ana), creator],
      own(BEN, ANA),
      [homer, creator, ...some(ben)],
    ],
    [
      'only lose the former owner when a pool has the Task',
      'follow',
      [homer, ...some(ana)],
      own(undefined, ANA),
      [homer],
    ],
    ['are absent when nobody is left', 'follow', some(ana), own(undefined, ANA), undefined],
    ['lose every former owner', 'follow', some(ana, chidi, ben), own(BEN, ANA, CHIDI), some(ben)],
    ['keep an entry that names nobody', 'follow', [unnamed, ...some(ana)], own(undefined, ANA), [unnamed]],
    ['keep the owner who was the owner before', 'follow', some(ana), own(ANA, ANA), some(ana)],
    ['are the owner alone, literally', 'replace', [homer, ...some(ana)], own(BEN, ANA), some(ben)],
    ['are absent for a pool, literally', 'replace', [homer, ...some(ana)], own(undefined, ANA), undefined],
  ])('%s', (_title, rule, before, ownership, after) => {
    const thread = header(before.length > 0 ? before : undefined);

    const patch = recipientPatch(thread, ownership, rule) ?? [];

    expect(applied(thread, patch).recipient).toEqual(after);
  });

  it.each<[string, RecipientRule, Recipients, Ownership]>([
    ['name the owner already', 'follow', [homer, ...some(ana)], own(ANA, BEN)],
    ['have nobody to lose', 'follow', [homer], own(undefined, ANA)],
    ['are absent already', 'follow', [], own(undefined, ANA)],
    ['are the owner alone already', 'replace', some(ana), own(ANA)],
    ['are absent already, literally', 'replace', [], own(undefined)],
  ])('are not written where they %s (%s)', (_title, rule, before, ownership) => {
    expect(recipientPatch(header(before), ownership, rule)).toBeUndefined();
  });

  it('are guarded by the version of the header that was read', () => {
    const patch = recipientPatch(header([homer]), own(ANA), 'follow') ?? [];

    expect(patch[0]).toEqual({ op: 'test', path: '/meta/versionId', value: 'h1' });
    expect(() => applied({ ...header([homer]), meta: { versionId: 'h2' } }, patch)).toThrow(/^Test failed/);
  });

  it('name the owner once and no former one, keep everybody else in order, and stay so', () => {
    const anybody = fc.constantFrom<Recipients[number]>(homer, creator, unnamed, ...some(ana, ben, chidi));
    const member = fc.constantFrom(ANA, BEN, CHIDI);

    fc.assert(
      fc.property(
        fc.uniqueArray(anybody),
        fc.option(member, { nil: undefined }),
        fc.uniqueArray(member),
        (before, owner, former) => {
          const thread = header(before.length > 0 ? before : undefined);
          const ownership = own(owner, ...former);

          const after = applied(thread, recipientPatch(thread, ownership, 'follow') ?? []);

          const gone = former.filter((one) => one !== owner).map((one) => refTo(one).reference);
          const stays = before.filter((one) => !gone.includes(one.reference ?? ''));
          const joins = owner && !stays.some((one) => one.reference === refTo(owner).reference);
          expect(after.recipient ?? []).toEqual([...stays, ...(joins ? [refTo(owner)] : [])]);
          expect(recipientPatch(after, ownership, 'follow')).toBeUndefined();
        },
      ),
    );
  });
});

function own(owner: typeof ANA | undefined, ...former: readonly (typeof ANA)[]): Ownership {
  return { owner: owner && refTo(owner), former: former.map((one) => refTo(one).reference) };
}

function recipient(one: { reference: string; display: string }): Recipients[number] {
  return { reference: `Practitioner/${one.reference.split('/')[1]}`, display: one.display };
}

function some(...list: readonly (Recipients[number] | undefined)[]): Recipients {
  return list.filter((one) => one !== undefined);
}
