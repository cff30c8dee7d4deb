import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fhir/faults.ts';
import type { PatientMessage } from '../../sandbox/messages.ts';
import { NO_CLOCK } from '../../src/clock/pool-clock.ts';
import { createJobs, createLedger, type Database } from '../../src/ledger/index.ts';
import { connect } from '../../src/medplum/client.ts';
import { createRecordStore } from '../../src/medplum/store.ts';
import type { Pool } from '../../src/routing/pools.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { createCommit } from '../../src/runtime/commit.ts';
import { createShiftEnd } from '../../src/runtime/shift-end.ts';
import { type Clinic, eventually, MODES, openClinic } from '../support/clinic.ts';
import { wordsOf } from '../support/flow-card.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const NURSES = 'C0NURSES';
const CARDIO = 'C0CARDIO';
const ANA = 'U0ANA';
const BEN = 'U0BEN';
const CHIDI = 'U0CHIDI';

const MINUTE = 60_000;

const POSTGRES = (await databases()).find(({ shared }) => shared);

describe.skipIf(!POSTGRES).each(MODES)('the end of a pool’s shift, $mode', (mode) => {
  let clinic: Clinic;
  let home: Home;
  /** How far the application's clock has been moved. */
  let ahead = 0;
  /** When the nurses' shift ends: about an hour after the test begins. */
  const end = new Date(Math.ceil(Date.now() / MINUTE) * MINUTE + 60 * MINUTE);
  const now = () => new Date(Date.now() + ahead);
  const opened: Database[] = [];
  beforeAll(async () => {
    if (POSTGRES === undefined) return;
    home = await POSTGRES.create();
    const url = 'url' in home.where ? home.where.url : '';
    const env = { DATABASE_URL: url };
    clinic = await openClinic({ ...mode, keepLedger: true, env, now: () => now().getTime() });
  });
  afterAll(async () => {
    for (const database of opened) await database.close();
    await clinic?.close();
    await home?.drop();
  });

  const pools: readonly Pool[] = [
    pool('registered-nurse', '224535009', `${end.getUTCMinutes()} ${end.getUTCHours()} * * *`),
    pool('cardiology', '17561000', undefined),
  ];

  /** Another replica on the application's database. */
  async function replica(): Promise<(now: Date) => Promise<void>> {
    const { url } = clinic.sandbox;
    const client = await connect({ baseUrl: `${url}/`, clientId: 'sandbox', clientSecret: 'sandbox' });
    const database = await home.open();
    opened.push(database);
    const ledger = createLedger(database.db);
    const jobs = await createJobs(database.boss);
    const log = pino({ level: 'silent' });
    const rules = DEFAULT_TASK_RULES;
    const store = createRecordStore(client, rules);
    const commit = createCommit(store, ledger.journal, () => mode.transactions, 'follow', log);
    return createShiftEnd({ store, ledger, jobs, commit, pools, rules, recipients: 'follow', log });
  }
  /** How far the pool is done. */
  const cursor = async () => {
    const [{ db } = await home.open()] = opened;
    return createLedger(db).cursor('shift-end:registered-nurse');
  };
  const forget = async () => {
    const [{ db } = await home.open()] = opened;
    await db.deleteFrom('cursor').where('name', '=', 'shift-end:registered-nurse').execute();
  };

  async function had(by: string, channel = NURSES, words: PatientMessage = {}) {
    const taskId = await clinic.patientWrites(words);
    await clinic.press(by, await clinic.card(taskId, channel), 'claim');
    await eventually(async () => expect(wordsOf(await clinic.card(taskId, channel))).toContain('✅'));
    return taskId;
  }
  const ownerOf = async (taskId: string) => (await clinic.record(taskId)).task.owner?.display;

  it('gives back what its people have had since before, once, whoever looks after it and how often', async () => {
    const before = [await had(ANA), await had(CHIDI, NURSES, { priority: 'stat' })];
    const given = await clinic.patientWrites();
    // As another application assigns a Task inside of its pool.
    const owner = { reference: clinic.practitioner(CHIDI), display: 'Chidi Okafor' };
    await clinic.patch('Task', given, [{ op: 'add', path: '/owner', value: owner }]);
    const elsewhere = await had(BEN, CARDIO, { pool: 'cardiology' });
    const sent = await had(ANA);
    await clinic.reroute(ANA, await clinic.card(sent, NURSES), { target: 'Chidi', reason: 'workload' });
    const replicas = await Promise.all([replica(), replica(), replica()]);
    ahead = end.getTime() - Date.now() - MINUTE;
    await replicas[0]?.(now());
    expect(await Promise.all([...before, given].map(ownerOf))).toEqual([
      'Ana Silva',
      'Chidi Okafor',
      'Chidi Okafor',
    ]);

    ahead = end.getTime() - Date.now() + 5 * MINUTE;
    const late = await had(ANA);
    await Promise.all(replicas.map((one) => one(now())));
    // As if nobody remembered that it was done.
    await forget();
    for (const one of replicas) await one(now());

    for (const id of [...before, given]) {
      const { task, thread, provenances } = await clinic.record(id);
      expect(task).toMatchObject({ status: 'requested', businessStatus: { text: 'unassigned' } });
      expect(task.owner).toBeUndefined();
      expect(thread?.recipient).toBeUndefined();
      const [release, ...rest] = provenances;
      expect(rest.map(({ activity }) => activity?.coding?.[1]?.code)).toEqual(id === given ? [] : ['claim']);
      expect(release?.activity?.coding?.[1]?.code).toBe('release');
      expect(release?.agent[0]?.who).toEqual({ display: 'Switchboard' });
      await eventually(async () =>
        expect(wordsOf(await clinic.card(id, NURSES))).toContain(
          'Released by Switchboard: *End of shift*. Nobody has it now.',
        ),
      );
    }
    expect(await Promise.all([late, sent, elsewhere].map(ownerOf))).toEqual([
      'Ana Silva',
      'Chidi Okafor',
      'Ben Carter',
    ]);
  });

  it('is not looked at again once it is done, and after two hours not at all', async () => {
    const one = await replica();
    await one(new Date(end.getTime() + 10 * MINUTE));
    expect(await cursor()).toEqual(end);
    clinic.sandbox.fhir.resetRequests();

    await one(new Date(end.getTime() + 11 * MINUTE));
    await forget();
    await one(new Date(end.getTime() + 121 * MINUTE));

    expect(clinic.sandbox.fhir.requests.filter(({ path }) => path.includes('performer='))).toEqual([]);
    expect(await cursor()).toBeUndefined();
  });

  it.each<[string, Fault]>([
    ['the record was away', { kind: 'error', times: 500 }],
    ['it could not be written', { kind: 'conflict', times: 500 }],
  ])('is tried again a minute later where %s', async (_what, fault) => {
    ahead = 0;
    const taskId = await had(ANA);
    ahead = end.getTime() - Date.now() + 20 * MINUTE;
    await forget();
    const one = await replica();
    clinic.sandbox.fhir.faults.add(fault);

    await one(now());
    clinic.sandbox.fhir.faults.clear();
    await one(now());
    const meanwhile = [await cursor(), await ownerOf(taskId)];
    await one(new Date(now().getTime() + MINUTE));

    expect(meanwhile).toEqual([undefined, 'Ana Silva']);
    expect(await cursor()).toEqual(end);
    expect(await ownerOf(taskId)).toBeUndefined();
  });
});

function pool(id: string, code: string, cron: string | undefined): Pool {
  const shiftEnd = cron === undefined ? undefined : { cron, zone: 'UTC', holidays: [] };
  return {
    id,
    name: id,
    performerType: { system: 'http://snomed.info/sct', code },
    channels: [],
    clock: { ...NO_CLOCK, shiftEnd },
  };
}
