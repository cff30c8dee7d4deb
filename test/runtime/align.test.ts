import type { Provenance, Task } from '@medplum/fhirtypes';
import { describe, expect, it } from 'vitest';
import { VERB_SYSTEM } from '../../src/record/provenance.ts';
import type { RecipientRule } from '../../src/record/recipients.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import { createAlign } from '../../src/runtime/align.ts';
import { ANA, BEN, claimedBy, header, refTo, taskIn } from '../support/pure-clinic.ts';
import { stored } from '../support/pure-record.ts';
import { FakeRecord, type Fault } from '../support/unit-record.ts';
import { capturedLog } from '../support/unit-slack.ts';

/** Long after the Task was written. */
const LATER = Date.parse('2026-03-02T10:00:00Z');
const OTHER = { reference: 'Patient/homer-simpson' };

function deed(verb: string, who: { reference: string }): Provenance {
  return {
    resourceType: 'Provenance',
    target: [],
    recorded: '2026-03-02T08:00:00Z',
    activity: { coding: [{ system: VERB_SYSTEM, code: verb }] },
    agent: [{ who }],
  };
}

function record(recipients: { reference: string }[] | undefined, owner: Member | null = BEN) {
  return new FakeRecord(owner ? claimedBy(owner) : taskIn(), header(recipients));
}

async function align(
  fake: FakeRecord,
  more: { provenances?: Provenance[]; last?: string; rule?: RecipientRule; now?: number } = {},
) {
  const run = createAlign(fake, more.rule ?? 'follow', () => more.now ?? LATER, capturedLog().log);
  const seen = { task: fake.current, thread: fake.header, provenances: more.provenances ?? [] };
  const agreed = await run(seen, more.last);
  return { agreed, recipients: fake.header?.recipient?.map((one) => one.reference) ?? [] };
}

describe('the recipients of a thread', () => {
  it('are put right where the owner was changed without them', async () => {
    const fake = record([OTHER, refTo(ANA)]);

    expect(await align(fake, { last: 'Practitioner/ana' })).toEqual({
      agreed: true,
      recipients: ['Patient/homer-simpson', 'Practitioner/ben'],
    });
  });

  it('lose whoever claimed or accepted the Task once and does not own it now', async () => {
    const fake = record([refTo(ANA), OTHER]);

    const { recipients } = await align(fake, {
      provenances: [deed('reroute', refTo(BEN)), deed('claim', refTo(ANA))],
    });

    expect(recipients).toEqual(['Patient/homer-simpson', 'Practitioner/ben']);
  });

  it('keep whoever only sent the Task on', async () => {
    const fake = record([refTo(ANA), refTo(BEN)]);

    await align(fake, { provenances: [deed('reroute', refTo(ANA))] });

    expect(fake.calls).not.toContain('thread');
  });

  it('lose whoever was given the Task and lost it again before anybody looked', async () => {
    const fake = record([OTHER, refTo(ANA)], null);
    fake.past.push(stored({ ...taskIn(), owner: refTo(ANA) }, 'given'));

    const { recipients } = await align(fake, { provenances: [deed('reroute', refTo(BEN))] });

    expect(recipients).toEqual(['Patient/homer-simpson']);
  });

  it('lose whoever took it elsewhere and put it back before anybody looked', async () => {
    const fake = record([refTo(ANA), OTHER], null);
    fake.past.push(stored({ ...taskIn(), owner: refTo(ANA) }, 'taken'));

    expect((await align(fake)).recipients).toEqual(['Patient/homer-simpson']);
  });

  it('keep staff who never had it', async () => {
    const fake = record([refTo(ANA), OTHER], null);
    fake.past.push(stored(taskIn(), 'first'));

    await align(fake);

    expect(fake.calls).not.toContain('thread');
  });

  it('are the owner alone under the literal rule', async () => {
    const fake = record([OTHER, refTo(ANA)]);

    expect((await align(fake, { rule: 'replace' })).recipients).toEqual(['Practitioner/ben']);
  });

  it('lose the last owner where nobody has the Task', async () => {
    const fake = record([refTo(ANA)], null);

    expect((await align(fake, { last: 'Practitioner/ana' })).recipients).toEqual([]);
  });

  it('are left to the change that is under way for five seconds', async () => {
    const fake = record([refTo(ANA)]);
    const written = Date.parse(fake.current.meta?.lastUpdated ?? '');

    const early = await align(fake, { last: 'Practitioner/ana', now: written + 4_999 });
    const late = await align(fake, { last: 'Practitioner/ana', now: written + 5_000 });

    expect([early.agreed, late.agreed]).toEqual([false, true]);
    expect(late.recipients).toEqual(['Practitioner/ben']);
  });

  it.each([
    ['there is no thread', new FakeRecord(claimedBy(BEN))],
    ['they agree already', record([refTo(BEN), OTHER])],
  ])('need nothing where %s', async (_what, fake) => {
    expect((await align(fake, { last: 'Practitioner/ana' })).agreed).toBe(true);
    expect(fake.calls).toEqual([]);
  });

  it.each(['completed', 'cancelled'] as const)(
    'are not for a Task that is %s to say: another one may have its place',
    async (status) => {
      const fake = new FakeRecord(claimedBy(ANA, { status }), header([refTo(BEN)]));

      const found = await align(fake, { last: 'Practitioner/ben', rule: 'replace' });

      expect(found).toEqual({ agreed: true, recipients: ['Practitioner/ben'] });
      expect(fake.calls).toEqual([]);
    },
  );

  describe('that two open Tasks have', () => {
    /** Ben has the Task, Ana another one on the thread. */
    const shared = async (recipients: { reference: string }[], other: Partial<Task> = {}) => {
      const fake = record(recipients);
      await fake.createTask({ ...claimedBy(ANA), ...other }, 'identifier=urn:other|1');
      return fake;
    };

    it('keep the owner of the other one, who had this one once', async () => {
      const fake = await shared([refTo(ANA)]);

      const { recipients } = await align(fake, { provenances: [deed('claim', refTo(ANA))] });

      expect(recipients).toEqual(['Practitioner/ana', 'Practitioner/ben']);
    });

    it('keep them under the literal rule too: the two would undo each other’s', async () => {
      const fake = await shared([refTo(ANA)]);

      const first = await align(fake, { rule: 'replace' });
      const again = await align(fake, { rule: 'replace' });

      expect(first.recipients).toEqual(['Practitioner/ana', 'Practitioner/ben']);
      expect(again).toEqual({ ...first, agreed: true });
    });

    it('do not keep the owner of one that is closed', async () => {
      const fake = await shared([refTo(ANA)], { status: 'completed' });

      expect((await align(fake, { rule: 'replace' })).recipients).toEqual(['Practitioner/ben']);
    });
  });

  it.each<[Fault['kind'], boolean]>([
    ['lost', false],
    ['gone', false],
  ])('wait for the next look where the patch is %s', async (kind, agreed) => {
    const fake = record([refTo(ANA)]);
    fake.fail({ on: 'thread', kind });

    expect((await align(fake, { last: 'Practitioner/ana' })).agreed).toBe(agreed);
  });

  it('stay wrong loudly where the record does not allow it', async () => {
    const fake = record([refTo(ANA)]);
    fake.fail({ on: 'thread', kind: 'forbidden' });

    await expect(align(fake, { last: 'Practitioner/ana' })).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
