import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Clinic, eventually, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { configured, intakeFor } from '../support/flow-config.ts';
import { dump } from '../support/flow-ledger.ts';

const NURSES = 'C0NURSES';
const DIET = 'C0DIET';
const ANA = 'U0ANA';

/** What only the record, and a channel that is allowed to, may hold. */
const SECRETS = ['Homer', 'Simpson', 'Zufallswort', 'Randbemerkung', '1956-05-12', 'H. S.'];

const secretsIn = (text: string) => SECRETS.filter((secret) => text.includes(secret));

describe('what a patient wrote, and who it was', () => {
  let clinic: Clinic;
  beforeAll(async () => {
    clinic = await openClinic({
      keepLedger: true,
      sweepSeconds: 1,
      config: configured({
        intake: intakeFor('registered-nurse'),
        followUps: { raise: [{ messages: 1, to: 'urgent' }] },
      }),
    });
  });
  afterAll(() => clinic?.close());

  const writes = (pool: string) =>
    clinic.patientWrites({ pool, patient: 'homer', text: 'My Zufallswort hurts since Monday.' });

  it('is on a card only where the channel is set to show it', async () => {
    const [none, initials, full] = await Promise.all([
      writes('registered-nurse'),
      writes('pharmacy'),
      writes('dietetics'),
    ]);

    const cards = {
      none: wordsOf(await clinic.card(none, NURSES)),
      initials: wordsOf(await clinic.card(initials, 'C0PHARMACY')),
      full: wordsOf(await clinic.card(full, DIET)),
    };

    expect(secretsIn(cards.none)).toEqual([]);
    expect(secretsIn(cards.initials)).toEqual(['H. S.']);
    expect(secretsIn(cards.full)).toEqual(['Homer', 'Simpson', 'Zufallswort']);
  });

  it('is on a card no more once the patient has taken it back, and never while it is a draft', async () => {
    const taskId = await writes('dietetics');
    const thread = (await clinic.record(taskId)).thread?.id ?? '';
    const cardQuotes = (text: string) =>
      eventually(async () => expect(wordsOf(await clinic.card(taskId, DIET))).toContain(`“${text}”`));
    const { message } = await clinic.patientSays({ thread, text: 'No, it is the other one.' });
    await cardQuotes('No, it is the other one.');

    await clinic.patch('Communication', message, [
      { op: 'replace', path: '/status', value: 'entered-in-error' },
    ]);

    await cardQuotes('My Zufallswort hurts since Monday.');
    await clinic.patientSays({ thread, text: 'Both, I think.' });
    await cardQuotes('Both, I think.');
    const [taken] = await clinic.search('Communication', `_id=${message}`);
    if (taken === undefined) throw new Error('the message is gone');
    const { id: _, ...more } = taken;
    const sent = new Date().toISOString();
    await clinic.put({ ...more, status: 'preparation', sent, payload: [{ contentString: 'Or is it' }] });
    await clinic.patch('Task', taskId, [{ op: 'replace', path: '/priority', value: 'stat' }]);
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, DIET))).toContain('STAT'));
    await cardQuotes('Both, I think.');
  });

  it('is in no log line or console line, no row of the ledger and no notification after a whole session', async () => {
    const { slack, fhir } = clinic.sandbox;
    const printed: unknown[] = [];
    for (const way of ['log', 'info', 'warn', 'error'] as const)
      vi.spyOn(console, way).mockImplementation((...words) => printed.push(words));
    const note = { reason: 'other', note: 'A Randbemerkung about Homer.' };
    const taskId = await writes('dietetics');
    const said = await clinic.patientSays({ patient: 'homer', text: 'My Zufallswort hurts.' });
    await clinic.patientSays({ thread: said.thread, text: 'More Zufallswort.' });
    await eventually(async () => {
      const [made] = await clinic.search('Task', `focus=Communication/${said.thread}`);
      expect(made?.priority).toBe('urgent');
    });
    slack.addFault({ method: 'chat.update', kind: 'truncate' });
    fhir.faults.add({ kind: 'conflict', method: 'PATCH' });
    fhir.faults.add({ kind: 'truncate', method: 'GET', resourceType: 'Task' });
    await clinic.reroute('U0BEN', await clinic.card(taskId, DIET), { target: 'Registered nurse', ...note });
    const card = await clinic.card(taskId, NURSES);
    await Promise.all(['U0R001', 'U0R002', 'U0R003'].map((nurse) => clinic.press(nurse, card, 'claim')));
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(2));
    // Its card there is closed, and known to be, before the Task comes back.
    await eventually(() =>
      expect(
        slack
          .calls()
          .filter(
            ({ method, ts, fault }) =>
              method === 'chat.update' && ts === clinic.cards(taskId, DIET)[0]?.ts && !fault,
          ),
      ).not.toEqual([]),
    );
    const owner = (await clinic.record(taskId)).task.owner?.reference;
    const winner =
      ['U0R001', 'U0R002', 'U0R003'].find((nurse) => clinic.practitioner(nurse) === owner) ?? ANA;
    fhir.faults.add({ kind: 'error', method: 'PATCH' });
    await clinic.answer(winner, () =>
      clinic.slash(winner, `/reroute ${taskId} dietetics because other Randbemerkung`),
    );
    await clinic.answer(ANA, () => clinic.slash(ANA, `/reroute ${taskId} Homer Simpson because Zufallswort`));
    await clinic.answer(ANA, () =>
      clinic.slash(ANA, `/reroute ${taskId} Homer Simpson because other Randbemerkung`),
    );
    await clinic.answer(ANA, () => clinic.slash(ANA, '/claim Homer-Simpson'));
    await clinic.answer(ANA, () => clinic.slash(ANA, '/Zufallswort Homer'));
    await eventually(async () => expect((await clinic.record(taskId)).provenances).toHaveLength(3));
    await eventually(() => expect(clinic.cards(taskId, DIET)).toHaveLength(2));

    await clinic.stopApp();
    const { everything, journal, tables } = await dump(clinic.ledger);

    expect((await clinic.record(taskId)).task.note).toHaveLength(2);
    expect(clinic.logged.length).toBeGreaterThan(10);
    expect(secretsIn(clinic.logged.join(''))).toEqual([]);
    expect(secretsIn(inspect(printed, { depth: 10 }))).toEqual([]);
    expect(tables).toEqual(
      expect.arrayContaining(['public.card', 'public.journal', 'public.message', 'pgboss.queue']),
    );
    expect(everything).toContain(taskId);
    expect(secretsIn(everything)).toEqual([]);
    expect(journal).toEqual([]);
    expect(
      slack.messages().flatMap(({ text, metadata }) => secretsIn(text + JSON.stringify(metadata))),
    ).toEqual([]);
  });
});
