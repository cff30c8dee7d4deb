import { describe, expect, it } from 'vitest';
import type { Member } from '../../src/routing/eligibility.ts';
import type { Standing } from '../../src/routing/task.ts';
import { decide, findVerb, VERBS } from '../../src/verbs/index.ts';
import type { Inputs } from '../../src/verbs/verb.ts';
import {
  ANA,
  BEN,
  CHIDI,
  claimedBy,
  GRACE,
  INACTIVE,
  PHARMACY,
  STANDING_TASKS,
  STANDINGS,
  situationOf,
} from '../support/pure-clinic.ts';
import { wrongPool } from '../support/pure-reasons.ts';
import { isSentence } from '../support/pure-sentences.ts';

/** What the answer says, and by what it is known. */
const ANSWERS = {
  yes: undefined,
  ignored: /is not a patient message that waits for an answer/,
  closed: /is already completed by Ana Silva; there is nothing left to do/,
  paused: /is on-hold in the record and cannot be claimed now/,
  inactive: /Your Practitioner record is not active/,
  'accept instead': /is assigned to you. Accept it instead of claiming it/,
  'accept first': /is assigned to you. Accept it first/,
  'somebody else’s': /^Ana Silva has been assigned this Task/,
  'only Ana': /^Ana Silva has (been assigned )?this Task; only they can/,
  taken: /^Ana Silva already has this Task/,
  'already yours': /^You already have Task a1b2c3/,
  'for others': /^This Task is for “Registered nurse”, and your role in the record is “Cardiologist”/,
  'claim instead': /is assigned to nobody. Claim it instead/,
  'nobody’s': /^Task a1b2c3 is [a-z-]+ in the record and assigned to nobody/,
  'claim first': /^Nobody has Task a1b2c3 yet. Claim it first/,
  'no hurry': /^Task a1b2c3 is on-hold in the record, so nobody is to hurry with it now/,
  'nothing to release': /^Nobody has Task a1b2c3, so there is nothing to release/,
} as const;

type Answer = keyof typeof ANSWERS;

/** Ana, who has the Task where anybody has it; Chidi of the same pool; Ben of another; Lena, who is not active. */
const WHO: Readonly<Record<string, Member>> = {
  owner: ANA,
  colleague: CHIDI,
  stranger: BEN,
  inactive: INACTIVE,
};

/** What only whoever has claimed the Task may do. */
const OWNERS_OWN: Readonly<Record<Standing, readonly [Answer, Answer, Answer]>> = {
  unclaimed: ['claim first', 'claim first', 'claim first'],
  assigned: ['accept first', 'only Ana', 'only Ana'],
  claimed: ['yes', 'only Ana', 'only Ana'],
  closed: ['closed', 'closed', 'closed'],
  ignored: ['ignored', 'ignored', 'ignored'],
  paused: ['claim first', 'claim first', 'claim first'],
};

/** By verb and standing: the owner, a colleague, a stranger to the pool. Who is not active is always told so. */
const TABLE: Readonly<Record<string, Readonly<Record<Standing, readonly [Answer, Answer, Answer]>>>> = {
  claim: {
    unclaimed: ['yes', 'yes', 'for others'],
    assigned: ['accept instead', 'somebody else’s', 'somebody else’s'],
    claimed: ['already yours', 'taken', 'taken'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['paused', 'paused', 'paused'],
  },
  accept: {
    unclaimed: ['claim instead', 'claim instead', 'claim instead'],
    assigned: ['yes', 'only Ana', 'only Ana'],
    claimed: ['already yours', 'only Ana', 'only Ana'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['nobody’s', 'nobody’s', 'nobody’s'],
  },
  complete: OWNERS_OWN,
  reroute: {
    unclaimed: ['yes', 'yes', 'yes'],
    assigned: ['yes', 'yes', 'yes'],
    claimed: ['yes', 'yes', 'yes'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['yes', 'yes', 'yes'],
  },
  release: {
    unclaimed: ['nothing to release', 'nothing to release', 'nothing to release'],
    assigned: ['yes', 'only Ana', 'only Ana'],
    claimed: ['yes', 'only Ana', 'only Ana'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['nothing to release', 'nothing to release', 'nothing to release'],
  },
  escalate: {
    unclaimed: ['yes', 'yes', 'yes'],
    assigned: ['yes', 'yes', 'yes'],
    claimed: ['yes', 'yes', 'yes'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['no hurry', 'no hurry', 'no hurry'],
  },
  snooze: OWNERS_OWN,
  keep: OWNERS_OWN,
  note: {
    unclaimed: ['yes', 'yes', 'yes'],
    assigned: ['yes', 'yes', 'yes'],
    claimed: ['yes', 'yes', 'yes'],
    closed: ['closed', 'closed', 'closed'],
    ignored: ['ignored', 'ignored', 'ignored'],
    paused: ['yes', 'yes', 'yes'],
  },
};

const FILLED: Inputs = {
  target: { kind: 'pool', pool: PHARMACY },
  reason: wrongPool,
  until: { kind: 'reply' },
  note: 'New symptoms',
};

const CASES = VERBS.flatMap((verb) =>
  STANDINGS.flatMap((standing) =>
    Object.keys(WHO).map((who, i) => {
      const answer: Answer =
        who === 'inactive'
          ? 'inactive'
          : (TABLE[verb.name]?.[standing][i] ?? expect.fail(`no row for ${verb.name}`));
      return { verb: verb.name, standing, who, answer };
    }),
  ),
);

describe('Who may do what', () => {
  it.each(CASES)('$verb of $standing work by the $who: $answer', ({ verb, standing, who, answer }) => {
    const actor = WHO[who] ?? ANA;
    const situation = situationOf(STANDING_TASKS[standing], actor);

    const decision = decide(find(verb), FILLED, situation);

    expect(decision.kind).toBe(answer === 'yes' ? 'accepted' : 'refused');
    expect(decision.sentence).toSatisfy(isSentence);
    expect(decision.sentence).toMatch(ANSWERS[answer] ?? /Task a1b2c3/);
    expect(decision.sentence, 'it names the Task or a person').toMatch(/Task|Ana|You/);
  });

  it.each(VERBS.map(({ name }) => name))(
    '%s of a Task whose place another one took is refused, and says where to look',
    (name) => {
      const task = claimedBy(ANA, { status: 'cancelled', businessStatus: { text: 'rerouted' } });

      expect(decide(find(name), FILLED, situationOf(task, ANA))).toEqual({
        kind: 'refused',
        sentence: 'Task a1b2c3 was rerouted, and a new Task has taken its place. Its card says which one.',
      });
    },
  );

  it('lets a verb say no at the input that is wrong, and changes nothing', () => {
    for (const field of find('reroute').fields.filter((one) => one.required)) {
      const { [field.name]: _, ...rest } = FILLED;

      const decision = decide(find('reroute'), rest, situationOf(STANDING_TASKS.claimed, GRACE));

      expect(decision).toMatchObject({ kind: 'refused', field: field.name });
      expect(decision.sentence).toSatisfy(isSentence);
    }
  });
});

describe('A verb', () => {
  it.each(VERBS.map((verb) => [verb.name, verb] as const))(
    '%s is found by its name, in any case',
    (name, verb) => {
      expect(findVerb(` ${name.toUpperCase()} `)).toBe(verb);
    },
  );

  it.each(['', 'steal', '__proto__', 'constructor'])('is not found by “%s”', (name) => {
    expect(findVerb(name)).toBeUndefined();
  });

  it.each(VERBS.map((verb) => [verb.name, verb] as const))('%s is described for people', (name, verb) => {
    expect(name).toMatch(/^[a-z]+$/);
    expect([verb.label, verb.description].every(Boolean)).toBe(true);
    // What is the only thing that a verb asks for it is nothing without, and a note only then.
    const [only, ...others] = verb.fields;
    if (only && others.length === 0) expect(only.required).toBe(true);
    else expect(verb.fields.find((field) => field.name === 'note')?.required ?? false).toBe(false);
  });

  it('has a past for whoever reads the record', () => {
    expect(VERBS.map(({ name, past }) => [name, past])).toEqual([
      ['claim', 'claimed'],
      ['accept', 'accepted'],
      ['complete', 'completed'],
      ['reroute', 'rerouted'],
      ['release', 'released'],
      ['escalate', 'escalated'],
      ['snooze', 'snoozed'],
      ['keep', 'is still on'],
      ['note', 'noted'],
    ]);
  });
});

function find(name: string) {
  return findVerb(name) ?? expect.fail(`no verb ${name}`);
}
