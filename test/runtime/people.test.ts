import { beforeEach, describe, expect, it } from 'vitest';
import type { Member } from '../../src/routing/eligibility.ts';
import { createPeople, type PeopleRules } from '../../src/runtime/people.ts';
import { type PeopleStore, RecordError } from '../../src/runtime/ports/record.ts';
import {
  ANA,
  BEN,
  CARDIOLOGY,
  ENDED,
  GRACE,
  INACTIVE,
  NO_ROLE,
  NOW,
  NURSES,
  person,
  role,
} from '../support/pure-clinic.ts';
import { FakeChat } from '../support/unit-chat.ts';
import { MemoryLedger } from '../support/unit-ledger.ts';

const USER = { platform: 'chat', tenant: 'T1', id: 'U1' };
const SYSTEM = 'urn:switchboard:chat:chat:T1';
const EMAIL = 'ana@clinic.example';

let now: number;
let chat: FakeChat;
let ledger: MemoryLedger;
let asked: string[];
let found: Record<string, readonly Member[]>;
let failure: Error | undefined;

beforeEach(() => {
  now = 1_000_000;
  chat = new FakeChat();
  ledger = new MemoryLedger();
  asked = [];
  found = {};
  failure = undefined;
});

async function look(question: string): Promise<readonly Member[]> {
  asked.push(question);
  if (failure) throw failure;
  return found[question] ?? [];
}

const store: PeopleStore = {
  byIdentifier: (system, value) => look(`${system}|${value}`),
  byEmail: (email) => look(email),
  byId: async (id) => (await look(id))[0],
  byName: (words) => look(words),
  byRole: ({ code }) => look(`role ${code}`),
  membership: async () => 'unknown',
  hasFreeSlot: async () => undefined,
};

function people(more: Partial<PeopleRules> = {}) {
  const rules = { identifierSystems: {}, linkByEmail: true, ...more };
  return createPeople(store, ledger, [chat], rules, () => now);
}

const STRANGER = { kind: 'stranger', sentence: expect.stringContaining('identifier U1 (system ') };

describe('who somebody is', () => {
  it('stands on their Practitioner as an identifier, and is remembered for writing to them', async () => {
    found = { [`${SYSTEM}|U1`]: [ANA] };

    const identity = await people().identify(USER);

    expect(identity).toEqual({ kind: 'member', member: ANA });
    expect(await people().chatUsersOf('ana')).toEqual([USER]);
    expect(chat.calls).toEqual([]);
  });

  it('is looked for under the system that is configured for their workspace', async () => {
    found = { 'urn:hr|U1': [ANA] };

    const identity = await people({ identifierSystems: { 'chat:T1': 'urn:hr' } }).identify(USER);

    expect(identity.kind).toBe('member');
  });

  it('is told by their e-mail address where no identifier is', async () => {
    chat.profiles.set('U1', { email: EMAIL, outsider: false });
    found = { [EMAIL]: [INACTIVE, ANA] };

    const identity = await people().identify(USER);

    expect(identity).toEqual({ kind: 'member', member: ANA });
  });

  it('is not told by an e-mail address where that is switched off', async () => {
    chat.profiles.set('U1', { email: EMAIL, outsider: false });
    found = { [EMAIL]: [ANA] };

    expect(await people({ linkByEmail: false }).identify(USER)).toEqual(STRANGER);
    expect(chat.calls).toEqual([]);
  });

  it.each<[string, string, readonly Member[], string]>([
    ['two Practitioners with one identifier', `${SYSTEM}|U1`, [ANA, BEN], 'carry your chat identifier'],
    ['two Practitioners with one e-mail address', EMAIL, [ANA, BEN], 'have your e-mail address'],
  ])('is not guessed among %s', async (_what, question, members, says) => {
    chat.profiles.set('U1', { email: EMAIL, outsider: false });
    found = { [question]: members };

    const identity = await people().identify(USER);

    expect(identity).toEqual({ kind: 'stranger', sentence: expect.stringContaining(says) });
    expect(ledger.links).toEqual([]);
  });

  it.each([
    ['nobody has their e-mail address', { email: EMAIL, outsider: false }],
    ['they have no e-mail address', { email: undefined, outsider: false }],
  ])('is unknown where %s, and they read what their administrator has to do', async (_what, profile) => {
    chat.profiles.set('U1', profile);

    expect(await people().identify(USER)).toEqual(STRANGER);
  });

  it('is nobody for an outsider, whatever their e-mail address', async () => {
    chat.profiles.set('U1', { email: EMAIL, outsider: true });
    found = { [EMAIL]: [ANA] };

    const identity = await people().identify(USER);

    expect(identity).toEqual({ kind: 'stranger', sentence: expect.stringContaining('Guests') });
  });
});

describe('what is known of somebody', () => {
  it.each([
    ['a member', 59_999, true, 1],
    ['a member', 60_000, true, 2],
    ['a stranger', 4_999, false, 1],
    ['a stranger', 5_000, false, 2],
  ])('is kept for a while: %s after %i ms', async (_who, later, known, looks) => {
    if (known) found = { [`${SYSTEM}|U1`]: [ANA] };
    const all = people({ linkByEmail: false });

    await all.identify(USER);
    now += later;
    await all.identify(USER);

    expect(asked).toHaveLength(looks);
  });

  it('is looked up once for presses that come together', async () => {
    found = { [`${SYSTEM}|U1`]: [ANA] };
    const all = people();

    await Promise.all([all.identify(USER), all.identify(USER), all.identify(USER)]);

    expect(asked).toHaveLength(1);
  });

  it('is kept apart for each workspace', async () => {
    found = { [`${SYSTEM}|U1`]: [ANA] };
    const all = people({ linkByEmail: false });

    await all.identify(USER);
    const elsewhere = await all.identify({ ...USER, tenant: 'T2' });

    expect(elsewhere.kind).toBe('stranger');
  });

  it.each([
    [
      'the record',
      () => {
        failure = new RecordError('unreachable', 'testing');
      },
    ],
    [
      'the platform',
      () => {
        chat.fail({ on: 'profile', kind: 'unreachable' });
      },
    ],
  ])('is not kept where %s failed', async (_what, harm) => {
    const all = people();
    harm();

    await expect(all.identify(USER)).rejects.toMatchObject({ kind: 'unreachable' });
    failure = undefined;
    found = { [`${SYSTEM}|U1`]: [ANA] };

    expect(await all.identify(USER)).toEqual({ kind: 'member', member: ANA });
  });
});

describe('looking for people', () => {
  it('offers those who are active', async () => {
    found = { a: [ANA, INACTIVE] };

    expect(await people().search('a')).toEqual([ANA]);
  });

  it('gives a Practitioner by their id, as they are now', async () => {
    const all = people();
    expect(await all.member('ana')).toBeUndefined();

    found = { ana: [ANA] };

    expect(await all.member('ana')).toEqual(ANA);
  });
});

describe('who may claim in a pool', () => {
  it('are the active people whose role there is active now', async () => {
    const elsewhere = person('kim', 'Kim Park', [CARDIOLOGY]);
    found = { 'role 224535009': [ANA, INACTIVE, ENDED, NO_ROLE, elsewhere, GRACE] };
    now = NOW.getTime();

    expect(await people().holders(NURSES)).toEqual([ANA, GRACE]);
  });

  it('are looked up once a minute for each pool, also by those who ask together', async () => {
    const all = people();

    await Promise.all([all.holders(NURSES), all.holders(NURSES), all.holders(CARDIOLOGY)]);
    now += 59_999;
    await all.holders(NURSES);
    now += 1;
    await all.holders(NURSES);

    expect(asked).toEqual(['role 224535009', 'role 17561000', 'role 224535009']);
  });

  it('change by the clock: a role that ends within the minute does not count any longer', async () => {
    now = NOW.getTime();
    const soon = new Date(now + 30_000).toISOString();
    const temp: Member = { ...ANA, roles: [role('ana', NURSES.performerType, { period: { end: soon } })] };
    found = { 'role 224535009': [temp] };
    const all = people();

    expect(await all.holders(NURSES)).toEqual([temp]);
    now += 30_001;

    expect(await all.holders(NURSES)).toEqual([]);
  });

  it('are looked up again after the record failed', async () => {
    const all = people();
    failure = new RecordError('unreachable', 'testing');
    await expect(all.holders(NURSES)).rejects.toMatchObject({ kind: 'unreachable' });
    failure = undefined;
    found = { 'role 224535009': [ANA] };

    expect(await all.holders(NURSES)).toEqual([ANA]);
  });
});
