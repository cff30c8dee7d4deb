import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../support/clinic.ts';
import { dump } from '../support/flow-ledger.ts';
import { DIET, NURSES, openTeamsClinic, PHARMACY, type TeamsClinic } from '../support/flow-teams.ts';
import { noticesOf, teamsWordsOf } from '../support/flow-teams-card.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const ZEYNEP = 'U0ZEYNEP';

/** What only the record, and a channel that is allowed to, may hold. */
const SECRETS = ['Homer', 'Simpson', 'Zufallswort', 'Randbemerkung', '1956-05-12', 'H. S.'];

const secretsIn = (text: string) => SECRETS.filter((secret) => text.includes(secret));

describe('what a patient wrote, and who it was', () => {
  let clinic: TeamsClinic;
  beforeAll(async () => {
    clinic = await openTeamsClinic({ keepLedger: true });
  });
  afterAll(() => clinic?.close());

  const writes = (pool: string) =>
    clinic.patientWrites({ pool, patient: 'homer', text: 'My Zufallswort hurts since Monday.' });
  const all = () => [...clinic.sandbox.teams.messages(), ...clinic.sandbox.teams.targeted()];
  const byBot = () => all().filter(({ from }) => from.user === undefined);

  it('is on a card in Teams only where the channel is set to show it', async () => {
    const [none, initials, full] = await Promise.all([
      writes('registered-nurse'),
      writes('pharmacy'),
      writes('dietetics'),
    ]);

    const cards = {
      none: JSON.stringify(await clinic.teams.card(none, NURSES.teams)),
      initials: JSON.stringify(await clinic.teams.card(initials, PHARMACY.teams)),
      full: JSON.stringify(await clinic.teams.card(full, DIET.teams)),
    };

    expect(secretsIn(cards.none)).toEqual([]);
    expect(secretsIn(cards.initials)).toEqual(['H. S.']);
    expect(secretsIn(cards.full)).toEqual(['Homer', 'Simpson', 'Zufallswort']);
  });

  it('is not in the line that a card begins as, not even where the card may show everything', async () => {
    clinic.sandbox.teams.addFault({ operation: 'update', kind: '503', conversation: DIET.teams });
    const taskId = await writes('dietetics');

    const line = await eventually(() => {
      const newest = clinic.sandbox.teams.messages(DIET.teams).at(-1);
      if (newest?.text !== 'A card follows.') throw new Error('Nothing has begun.');
      return newest;
    });

    expect(line.summary).toBe(`Routine Task ${taskId.slice(0, 6)} waits for “Dietitian”.`);
    expect(secretsIn(JSON.stringify(line))).toEqual([]);
    expect(teamsWordsOf(await clinic.teams.card(taskId, DIET.teams))).toContain('Zufallswort');
  });

  it('is in no notification, log line, console line or row of the ledger after a whole session', async () => {
    const { teams, fhir } = clinic.sandbox;
    const printed: unknown[] = [];
    for (const way of ['log', 'info', 'warn', 'error'] as const)
      vi.spyOn(console, way).mockImplementation((...words) => printed.push(words));
    const taskId = await writes('dietetics');
    const card = await clinic.teams.card(taskId, DIET.teams);
    fhir.faults.add({ kind: 'conflict', method: 'PATCH' });
    teams.addFault({ operation: 'update', kind: 'drop-after-commit' });
    const filled = { target: 'Registered nurse', reason: 'other', note: 'A Randbemerkung about Homer.' };
    await clinic.teams.press(BEN, card, 'reroute', await clinic.teams.fill(BEN, card, 'reroute', filled));
    const moved = await clinic.teams.card(taskId, NURSES.teams);
    await clinic.teams.press(BEN, moved, 'claim', {}, { fallback: true });
    await clinic.teams.press(ANA, moved, 'claim');
    const said = [
      `reroute ${taskId} Homer Simpson because Zufallswort`,
      `reroute ${taskId} Homer Simpson because other Randbemerkung`,
      'claim Homer-Simpson',
      'Zufallswort Homer',
    ];
    const answers: string[] = [];
    for (const text of said)
      answers.push(await clinic.teams.answer(ANA, () => clinic.teams.say(ANA, 'personal', text)));
    teams.addFault({ operation: 'post', kind: 'roster', conversation: DIET.teams });
    await clinic.teams.told(ZEYNEP, () => clinic.teams.say(ZEYNEP, DIET.teams, '@Switchboard tasks'));
    await teams.deliver({ ...teams.draft(ANA, 'Zufallswort'), channelData: { tenant: { id: 'Homer' } } });
    await teams.deliver(teams.draft(ANA, 'Zufallswort'), 'Bearer Homer');
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, DIET.teams))).toContain('➡️ Rerouted to'),
    );
    await eventually(async () =>
      expect(teamsWordsOf(await clinic.teams.card(taskId, NURSES.teams))).toContain('✅ **Ana Silva**'),
    );

    await clinic.stopApp();
    const { everything, journal } = await dump(clinic.ledger);

    expect((await clinic.record(taskId)).task.note).toHaveLength(1);
    expect(clinic.logged.length).toBeGreaterThan(10);
    expect(secretsIn(clinic.logged.join(''))).toEqual([]);
    expect(secretsIn(inspect(printed, { depth: 10 }))).toEqual([]);
    expect(everything).toContain(taskId);
    expect(secretsIn(everything)).toEqual([]);
    expect(journal).toEqual([]);
    const notices = byBot().flatMap(noticesOf);
    expect(notices).toContain(`Ana Silva has Task ${taskId.slice(0, 6)}.`);
    // What somebody typed is said back to them alone.
    expect(secretsIn(notices.filter((notice) => !answers.includes(notice)).join('\n'))).toEqual([]);
    const closed = JSON.stringify(clinic.teams.cards(taskId, NURSES.teams));
    expect(secretsIn(closed)).toEqual([]);
  });
});
