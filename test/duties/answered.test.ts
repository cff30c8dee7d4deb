import { describe, expect, it } from 'vitest';
import { type Answerer, completionOf } from '../../src/duties/answered.ts';
import type { Message } from '../../src/duties/thread.ts';
import { ANA, BEN, claimedBy, NURSES, refTo, taskIn } from '../support/pure-clinic.ts';
import { patientSays, said, staffSays } from '../support/pure-thread.ts';

const ASKED = patientSays('m1', '09:00');
const ANSWERED = staffSays(ANA, 'a1', '09:30');
const CLAIMED = claimedBy(ANA);

const complete = (
  messages: readonly Message[],
  rule: Answerer = 'owner',
  task = CLAIMED,
  owner = [task.owner?.reference ?? 'nobody'],
) => completionOf(task, messages, rule, owner);

describe('A Task whose owner has answered', () => {
  it('is completed with the answer as its output, in the name of whoever answered', () => {
    expect(complete([ASKED, ANSWERED])).toMatchObject({
      decision: {
        verb: 'complete',
        guard: 'version',
        change: {
          status: 'completed',
          businessStatus: 'completed',
          output: { reference: 'Communication/a1' },
        },
      },
      author: { who: refTo(ANA) },
    });
  });

  it('keeps its owner', () => {
    expect(complete([ASKED, ANSWERED])?.decision.change).not.toHaveProperty('owner');
  });

  it('is completed although the owner has not accepted it', () => {
    const assigned = taskIn(NURSES, { owner: refTo(ANA) });

    expect(complete([ASKED, ANSWERED], 'owner', assigned)).toBeDefined();
  });

  it('is completed by the newest of several answers', () => {
    const messages = [ASKED, ANSWERED, staffSays(ANA, 'a2', '09:40')];

    expect(complete(messages)?.decision.change.output).toEqual({ reference: 'Communication/a2' });
  });

  it('is completed by an answer of one of the owner’s roles', () => {
    const asRole = said('a1', '09:30', { reference: 'PractitionerRole/ana-nurse' });
    const owner = [refTo(ANA).reference, 'PractitionerRole/ana-nurse'];

    expect(complete([ASKED, asRole], 'owner', CLAIMED, owner)?.author.who).toEqual({
      reference: 'PractitionerRole/ana-nurse',
    });
  });

  it('is completed though somebody else of the staff has said something after it', () => {
    const messages = [ASKED, ANSWERED, staffSays(BEN, 'b1', '09:40')];

    expect(complete(messages)?.decision.change.output).toEqual({ reference: 'Communication/a1' });
  });

  it.each<[string, readonly Message[]]>([
    ['the patient has written once more', [ASKED, ANSWERED, patientSays('m2', '09:40')]],
    ['the patient has written at the same instant', [ASKED, ANSWERED, patientSays('m2', '09:30')]],
    ['the answer is older than the Task', [staffSays(ANA, 'a0', '08:00'), ASKED]],
    ['the answer is a draft', [ASKED, { ...ANSWERED, status: 'preparation' }]],
    ['the answer was taken back', [ASKED, { ...ANSWERED, status: 'entered-in-error' }]],
    ['only a device has answered', [ASKED, said('a1', '09:30', { reference: 'Device/kiosk' })]],
    ['nobody has answered', [ASKED]],
    ['somebody else has', [ASKED, staffSays(BEN, 'b1', '09:30')]],
  ])('stays open where %s', (_what, messages) => {
    expect(complete(messages)).toBeUndefined();
  });

  it('is not completed a second time with the same answer, when somebody has opened it again', () => {
    const output = [{ type: { text: 'Response' }, valueReference: { reference: 'Communication/a1' } }];
    const reopened = claimedBy(ANA, { output });

    expect(complete([ASKED, ANSWERED], 'owner', reopened)).toBeUndefined();
    expect(complete([ASKED, ANSWERED, staffSays(ANA, 'a2', '09:50')], 'owner', reopened)).toBeDefined();
  });

  it('is not completed while it is a draft', () => {
    expect(complete([ASKED, ANSWERED], 'owner', claimedBy(ANA, { status: 'draft' }))).toBeUndefined();
  });
});

describe('Whose answer counts', () => {
  const UNCLAIMED = taskIn();
  const BEN_ANSWERS = staffSays(BEN, 'b1', '09:30');
  const ORGANIZATION = said('o1', '09:30', { reference: 'Organization/clinic', display: 'The clinic' });

  it.each<[Answerer, string, typeof CLAIMED, Message, boolean]>([
    ['owner', 'the owner’s', CLAIMED, ANSWERED, true],
    ['owner', 'another’s', CLAIMED, BEN_ANSWERS, false],
    ['owner', 'anybody’s, where nobody has the Task', UNCLAIMED, BEN_ANSWERS, false],
    ['staff', 'the owner’s', CLAIMED, ANSWERED, true],
    ['staff', 'another’s', CLAIMED, BEN_ANSWERS, true],
    ['staff', 'anybody’s, where nobody has the Task', UNCLAIMED, BEN_ANSWERS, true],
    ['staff', 'the clinic’s', UNCLAIMED, ORGANIZATION, true],
    ['nobody', 'the owner’s', CLAIMED, ANSWERED, false],
    ['nobody', 'another’s', CLAIMED, BEN_ANSWERS, false],
  ])('by the rule “%s”: %s', (rule, _whose, task, answer, counts) => {
    expect(complete([ASKED, answer], rule, task) !== undefined).toBe(counts);
  });

  it('makes whoever answered the owner of a Task that nobody had: somebody was responsible for it', () => {
    expect(complete([ASKED, BEN_ANSWERS], 'staff', UNCLAIMED)?.decision.change.owner).toEqual(refTo(BEN));
  });

  it('leaves a Task nobody’s where no Practitioner answered', () => {
    const completion = complete([ASKED, ORGANIZATION], 'staff', UNCLAIMED);

    expect(completion?.decision.change).not.toHaveProperty('owner');
    expect(completion?.author.who).toEqual({ reference: 'Organization/clinic', display: 'The clinic' });
  });

  it('leaves a Task with its owner where another answered, who answers for it', () => {
    const completion = complete([ASKED, BEN_ANSWERS], 'staff');

    expect(completion?.decision.change).not.toHaveProperty('owner');
    expect(completion?.author.who).toEqual(refTo(BEN));
  });
});
