import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODES } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { freePort } from '../support/flow-port.ts';
import { openWire, type Wire } from '../support/flow-proxy.ts';
import { CARDIO, NURSES, openTeamsClinic, PHARMACY, type TeamsClinic } from '../support/flow-teams.ts';
import { eventually } from '../support/flow-wait.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const ANA = 'U0ANA';
const BEN = 'U0BEN';
const MEI = 'U0MEI';
const PATIENCE_MS = 40_000;

const NOT_REACHABLE = 'The record is not reachable just now; nothing was changed.';
const NO_LEDGER = 'Switchboard’s own database is not reachable just now; nothing was changed.';

interface Readyz {
  readonly code: number;
  readonly status: string;
  readonly lostSurfaces: readonly unknown[];
  readonly events: unknown;
  readonly transactions: string;
  /** How each dependency stands, by its name. */
  readonly states: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A clinic whose application reaches each thing that it depends on by a wire that can be cut. */
async function openWired(transactions: boolean, database: Home | undefined) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const record = await openWire(origin);
  const slack = await openWire(`${origin}/slack/api/`);
  const ledger = database && (await openWire('url' in database.where ? database.where.url : ''));
  const clinic = await openTeamsClinic({
    transactions,
    keepLedger: true,
    sweepSeconds: 1,
    sandbox: { port },
    env: {
      MEDPLUM_BASE_URL: record.url,
      SLACK_API_URL: slack.url,
      ...(ledger && { DATABASE_URL: ledger.url }),
    },
  });
  const wires = { record, slack, ledger };

  async function readyz(): Promise<Readyz> {
    const response = await fetch(`${clinic.url}/readyz`);
    const text = await response.text();
    const body = JSON.parse(text);
    const states = Object.fromEntries(
      body.dependencies.map((one: { name: string; state: string }) => [one.name, one.state]),
    );
    return { ...body, code: response.status, states, text };
  }

  return {
    clinic,
    wires,
    readyz,
    close: async () => {
      for (const wire of Object.values(wires)) await wire?.mend();
      await clinic.close();
      for (const wire of Object.values(wires)) await wire?.close();
    },
  };
}

const [postgres] = (await databases()).filter(({ shared }) => shared);

describe.each(MODES)('while something is away, $mode', ({ transactions }) => {
  let home: Home | undefined;
  let clinic: TeamsClinic;
  let wires: { record: Wire; slack: Wire; ledger: Wire | undefined };
  let readyz: () => Promise<Readyz>;
  let close: () => Promise<void>;

  beforeAll(async () => {
    home = await postgres?.create();
    ({ clinic, wires, readyz, close } = await openWired(transactions, home));
  });
  afterAll(async () => {
    await close?.();
    await home?.drop();
  });

  const states = (name: string, state: string) =>
    eventually(async () => expect((await readyz()).states[name]).toBe(state), PATIENCE_MS);
  const toldWords = async (user: string, act: () => Promise<unknown>) => (await clinic.told(user, act)).text;
  const claimed = (taskId: string, who: string) =>
    eventually(
      async () => expect(wordsOf(await clinic.card(taskId, NURSES.slack))).toContain(`✅ *${who}*`),
      PATIENCE_MS,
    );

  it('everything is named while all is well', async () => {
    const ready = await readyz();

    expect(ready).toMatchObject({
      code: 200,
      status: 'ready',
      states: { record: 'well', ledger: 'well', slack: 'well', teams: 'well' },
      events: { by: 'webhook' },
      transactions: transactions ? 'kept' : 'not kept',
    });
  });

  it('nobody can change anything without the record, everybody is told so, and all of it follows later', async () => {
    const taskId = await clinic.patientWrites();
    const inSlack = await clinic.card(taskId, NURSES.slack);
    const inTeams = await clinic.teams.card(taskId, NURSES.teams);
    await wires.record.cut();

    expect(await toldWords(ANA, () => clinic.pressShown(ANA, inSlack, 'claim'))).toBe(NOT_REACHABLE);
    expect(await clinic.teams.pressAnswer(ANA, inTeams, 'claim')).toBe(NOT_REACHABLE);
    for (const words of [
      '/tasks',
      '/mine',
      '/next',
      `/claim ${taskId}`,
      '/release all because end-of-shift',
    ]) {
      expect(await toldWords(ANA, () => clinic.slash(ANA, words))).toContain(NOT_REACHABLE);
    }
    await states('record', 'unreachable');
    expect((await readyz()).code).toBe(503);
    expect((await fetch(`${clinic.url}/healthz`)).status).toBe(200);
    const meanwhile = await clinic.patientWrites();
    await wires.record.mend();

    await clinic.card(meanwhile, NURSES.slack);
    await states('record', 'well');
    expect((await readyz()).code).toBe(200);
    const { versions, provenances } = await clinic.record(taskId);
    expect([versions.length, provenances.length]).toEqual([1, 0]);
    await clinic.pressShown(ANA, inSlack, 'claim');
    await claimed(taskId, 'Ana Silva');
  }, 120_000);

  it('the other platform is served while our token for one is revoked, which is asked about slowly and once', async () => {
    const { slack } = clinic.sandbox;
    await states('slack', 'well');
    slack.addFault({ kind: 'error-code', method: '*', code: 'token_revoked', times: 100_000 });
    const before = slack.calls().length;
    const written = await Promise.all(
      ['registered-nurse', 'cardiology', 'pharmacy'].flatMap((pool) =>
        Array.from({ length: 8 }, () => clinic.patientWrites({ pool })),
      ),
    );

    const channels = [NURSES, CARDIO, PHARMACY];
    for (const [i, taskId] of written.entries()) {
      const { teams } = channels[Math.floor(i / 8)] ?? NURSES;
      await clinic.teams.card(taskId, teams);
    }

    const ready = await readyz();
    expect(ready).toMatchObject({ code: 200, states: { slack: 'refused', teams: 'well' }, lostSurfaces: [] });
    expect(ready.text).toContain('token revoked');
    // Those that were on their way when it began, and a try now and then.
    expect(slack.calls().length - before).toBeLessThan(10);
    const said = clinic.logged.filter((line) => line.includes('"token revoked"'));
    expect(said).toHaveLength(1);
    slack.addFault({ kind: 'none' });

    for (const [i, taskId] of written.entries()) {
      const { slack: channel } = channels[Math.floor(i / 8)] ?? NURSES;
      await eventually(() => expect(clinic.cards(taskId, channel)).toHaveLength(1), PATIENCE_MS);
    }
    await states('slack', 'well');
  }, 180_000);

  it('one platform that is away at the start keeps nobody from the other, and is served later', async () => {
    await clinic.stopApp();
    await wires.slack.cut();
    await clinic.startApp();
    const taskId = await clinic.patientWrites();

    await clinic.teams.card(taskId, NURSES.teams);
    expect(await readyz()).toMatchObject({ code: 200, states: { slack: 'unreachable', teams: 'well' } });
    await wires.slack.mend();

    await eventually(() => expect(clinic.cards(taskId, NURSES.slack)).toHaveLength(1), PATIENCE_MS);
    await clinic.pressShown(ANA, await clinic.card(taskId, NURSES.slack), 'claim');
    await claimed(taskId, 'Ana Silva');
  }, 120_000);

  it.runIf(postgres)(
    'a press has a true answer without the database, and everything goes on with it',
    async () => {
      const one = await clinic.patientWrites();
      const two = await clinic.patientWrites({ pool: 'cardiology' });
      const three = await clinic.patientWrites({ pool: 'pharmacy' });
      const inSlack = await clinic.card(one, NURSES.slack);
      const ofBen = await clinic.card(two, CARDIO.slack);
      const inTeams = await clinic.teams.card(three, PHARMACY.teams);
      await wires.ledger?.cut();
      const known = clinic.sentences(ANA).length;

      if (transactions) {
        await clinic.pressShown(ANA, inSlack, 'claim');
        await clinic.pressShown(BEN, ofBen, 'claim');
        await clinic.teams.press(MEI, inTeams, 'claim');
        for (const taskId of [one, two, three])
          await eventually(async () => expect((await clinic.record(taskId)).task?.status).toBe('accepted'));
        expect(clinic.sentences(ANA)).toHaveLength(known);
      } else {
        expect(await toldWords(ANA, () => clinic.pressShown(ANA, inSlack, 'claim'))).toBe(NO_LEDGER);
        expect(await toldWords(BEN, () => clinic.pressShown(BEN, ofBen, 'claim'))).toBe(NO_LEDGER);
        expect(await clinic.teams.pressAnswer(MEI, inTeams, 'claim')).toBe(NO_LEDGER);
      }
      await states('ledger', 'unreachable');
      expect((await readyz()).code).toBe(503);
      await wires.ledger?.mend();
      await states('ledger', 'well');
      if (!transactions) await clinic.pressShown(ANA, inSlack, 'claim');

      await claimed(one, 'Ana Silva');
      const { versions, provenances } = await clinic.record(one);
      expect([versions.length, provenances.length]).toEqual([2, 1]);
      const untouched = await clinic.record(two);
      expect(untouched.provenances).toHaveLength(transactions ? 1 : 0);
      const next = await clinic.patientWrites();
      await clinic.card(next, NURSES.slack);
    },
    180_000,
  );
});
