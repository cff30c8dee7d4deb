import type { PractitionerRole } from '@medplum/fhirtypes';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stableId } from '../../sandbox/fhir/stable-id.ts';
import { successorIn } from '../../src/queries/history.ts';
import { type DeskClinic, openDesk, user } from '../support/unit-desk.ts';

const ANA = user('ANA');
const BEN = user('BEN');

let clinic: DeskClinic;
let taskId: string;
beforeAll(async () => {
  clinic = await openDesk();
});
afterAll(() => clinic?.close());
beforeEach(async () => {
  taskId = await clinic.patientWrites({ pool: 'dietetics' });
});

const preview = (target: string, by = ANA) => clinic.desk.preview(taskId, target, by);
const reroute = (target: string, more = {}) =>
  clinic.does(ANA, 'reroute', taskId, { target, reason: 'wrong-pool', ...more });

describe('a preview', () => {
  it('says how many can claim there now, and what waits there', async () => {
    expect(await preview('cardiology')).toEqual(['3 people can claim there now.', 'Nothing waits there.']);

    await clinic.patientWrites({ pool: 'cardiology' });

    expect(await preview('pool:cardiology')).toEqual([
      '3 people can claim there now.',
      'One Task waits there, for less than a minute.',
    ]);
  });

  it('says to the owner that they lose sight of it, and to nobody else', async () => {
    const own = await clinic.patientWrites();
    await clinic.does(ANA, 'claim', own);

    expect(await clinic.desk.preview(own, 'pharmacy', ANA)).toContain('You will no longer see this.');
    expect(await clinic.desk.preview(own, 'pharmacy', BEN)).not.toContain('You will no longer see this.');
  });

  it('says of a person what they are, whether they are away, and how much they have', async () => {
    const ben = clinic.sandbox.practitionerOf('U0BEN') ?? '';
    const seen = await clinic.patientWrites({ pool: 'cardiology' });
    await clinic.does(BEN, 'claim', seen);

    expect(await preview('Ben Carter')).toEqual(['Ben Carter: Cardiologist, with one open Task.']);
    expect(await preview(`person:${ben}`)).toEqual(await preview('user:U0BEN'));
  });

  it('warns where somebody is away', async () => {
    const { repository } = clinic.sandbox.fhir;
    const id = stableId('PractitionerRole', 'U0MEI', 'pharmacy');
    const role = await repository.readResource<PractitionerRole>('PractitionerRole', id);
    const during = { start: '2020-01-01', end: '2099-12-27' };
    await repository.updateResource({ ...role, notAvailable: [{ description: 'Leave', during }] });

    expect((await preview('Mei Tanaka'))[0]).toBe('⚠️ Mei Tanaka is away until 2099-12-27.');
  });

  it('warns where it goes back to where it came from, and from the third reroute on', async () => {
    await reroute('cardiology');
    expect((await preview('dietetics'))[0]).toBe(
      '⚠️ It came from there; it was rerouted away by Ana Silva: Wrong pool.',
    );
    expect((await preview('pharmacy'))[0]).toMatch(/can claim there now\.$/);

    await reroute('dietetics');

    expect((await preview('cardiology')).slice(0, 2)).toEqual([
      '⚠️ It came from there; it was rerouted away by Ana Silva: Wrong pool.',
      'This would be its third reroute.',
    ]);
  });

  it('remembers where it came from when a new Task took its place', async () => {
    const own = await clinic.patientWrites();
    await clinic.does(ANA, 'claim', own);
    await clinic.does(ANA, 'reroute', own, {
      target: 'pharmacy',
      reason: 'wrong-pool',
      visibility: 'new-task',
    });
    const seen = await clinic.parts.store.observe(own);
    const next = successorIn(own, seen?.provenances ?? []) ?? 'none';

    expect((await clinic.desk.preview(next, 'registered-nurse', ANA))[0]).toContain('It came from there');
    expect((await clinic.desk.preview(next, 'Ana Silva', BEN))[0]).toContain('It came from there');
    expect(await clinic.desk.preview(own, 'cardiology', ANA)).toEqual([
      `Task ${own.slice(0, 6)} was rerouted, and a new Task has taken its place. Its card says which one.`,
    ]);
  });

  it('counts a reroute once that made a new Task', async () => {
    await reroute('cardiology');
    await clinic.does(BEN, 'claim', taskId);
    await clinic.does(BEN, 'reroute', taskId, {
      target: 'pharmacy',
      reason: 'wrong-pool',
      visibility: 'new-task',
    });
    const seen = await clinic.parts.store.observe(taskId);
    const next = successorIn(taskId, seen?.provenances ?? []) ?? 'none';

    expect(await clinic.desk.preview(next, 'registered-nurse', ANA)).toContain(
      'This would be its third reroute.',
    );
  });

  it.each([
    ['it waits there already', 'dietetics', /^Task \w{6} already waits in “Dietitian”\.$/],
    ['nobody is called so', 'nobody at all', /^There is no pool or person “nobody at all”/],
    ['the person has no role', 'Ivy Novak', /^Ivy Novak has no active role/],
    ['it is oneself', 'Ana Silva', /^To take a Task yourself, claim it\.$/],
  ])('says why not, where the rules do not let it go there: %s', async (_what, target, says) => {
    const sentences = await preview(target);

    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(says);
  });

  it.each([
    ['a stranger', user('SAM'), 'cardiology'],
    ['nothing chosen yet', ANA, '  '],
  ])('is empty for %s', async (_what, by, target) => {
    expect(await preview(target, by)).toEqual([]);
  });

  it('is empty while the record is away, and changes nothing', async () => {
    clinic.sandbox.fhir.faults.add({ kind: 'error', resourceType: 'Task', times: 50 });

    expect(await preview('cardiology')).toEqual([]);

    clinic.sandbox.fhir.faults.clear();
  });
});
