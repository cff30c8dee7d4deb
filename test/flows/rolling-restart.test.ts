import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { environmentFor } from '../../sandbox/settings.ts';
import { deedOf } from '../../src/record/provenance.ts';
import { startProcess } from '../support/cli-process.ts';
import { MODES } from '../support/clinic.ts';
import { createPeople, type PeopleActs } from '../support/flow-acts.ts';
import { type Balancer, startBalancer } from '../support/flow-balancer.ts';
import { buttonsOf } from '../support/flow-card.ts';
import { eventually } from '../support/flow-wait.ts';
import { type ClinicRecord, sandboxRecord } from '../support/record.ts';
import { databases, type Home } from '../support/unit-postgres.ts';

const PATIENCE_MS = 60_000;
const NURSES = 'C0NURSES';
/** Two who want the same. */
const RIVALS = ['U0R001', 'U0R002'] as const;
const PAUSE_MS = 120;

const [, shared] = await databases();

interface Press {
  readonly user: string;
  readonly taskId: string;
}

describe.each(shared ? MODES : [])(
  'two replicas that are restarted one after the other, $mode',
  ({ transactions }) => {
    const presses: Press[] = [];
    const failed: unknown[] = [];
    const waiting: string[] = [];
    const codes: (number | null)[] = [];
    let sandbox: Sandbox;
    let home: Home;
    let balancer: Balancer;
    let record: ClinicRecord;
    let people: PeopleActs;
    let replicas: Awaited<ReturnType<typeof startProcess>>[] = [];

    beforeAll(async () => {
      sandbox = await startSandbox({ transactions });
      record = sandboxRecord(sandbox);
      people = createPeople(sandbox);
      balancer = await startBalancer();
      if (shared === undefined) throw new Error('There is no database to share.');
      home = await shared.create();
      const env = {
        ...environmentFor(sandbox.url, balancer.url),
        PATH: process.env.PATH ?? '',
        DATABASE_URL: 'url' in home.where ? home.where.url : '',
      };
      sandbox.setApp(balancer.url);
      const begin = async () => {
        const replica = await startProcess(env);
        balancer.targets.push(replica.url);
        return replica;
      };
      replicas = [await begin(), await begin()];

      let isOver = false;
      const pressing = (async () => {
        while (!isOver) {
          await press();
          await sleep(PAUSE_MS);
        }
      })();
      await sleep(1_000);
      for (const replica of [...replicas]) {
        codes.push(await replica.stop());
        replicas.splice(replicas.indexOf(replica), 1);
        replicas.push(await begin());
        // Until now the balancer did not know, and went on asking the one that is gone.
        balancer.targets.splice(balancer.targets.indexOf(replica.url), 1);
      }
      await eventually(() => expect(presses.length).toBeGreaterThan(40), PATIENCE_MS);
      isOver = true;
      await pressing;
    }, 300_000);
    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await balancer?.close();
      await sandbox?.close();
      await home?.drop();
    }, 60_000);

    const cardsOf = (taskId: string) =>
      sandbox.slack
        .messages(NURSES)
        .filter(({ metadata }) => JSON.stringify(metadata ?? {}).includes(taskId));

    /** A patient writes, and two people want the Task at once that has waited longest on its card. */
    async function press(): Promise<void> {
      // Slack takes one card a second: whoever writes faster waits for longer than a test does.
      if (waiting.length < 4) waiting.push((await sandbox.inbox.write()).task);
      const taskId = waiting.find((id) => cardsOf(id).length > 0);
      if (taskId === undefined) return;
      waiting.splice(waiting.indexOf(taskId), 1);
      for (const user of RIVALS) presses.push({ user, taskId });
      await Promise.all(
        RIVALS.map((user) =>
          people.slash(user, `/claim ${taskId}`).catch((error: unknown) => {
            // Where everything shares one machine, Slack may lose its patience; the answer comes all the same.
            if (!String(error).includes('operation_timeout')) failed.push(error);
          }),
        ),
      );
    }

    const saysYes = (user: string, taskId: string) =>
      people.sentences(user).some((one) => one.includes(`Task ${taskId.slice(0, 6)} is yours`));

    it('answer every press, from whichever of them is there', async () => {
      // The record sends an event again that broke off.
      expect(balancer.broken.filter((one) => !one.includes('/medplum/webhook'))).toEqual([]);
      expect(failed).toEqual([]);
      await eventually(() => {
        for (const user of RIVALS) {
          const mine = presses.filter((one) => one.user === user);
          expect(people.sentences(user)).toHaveLength(mine.length);
        }
      }, PATIENCE_MS);
      expect(balancer.refused()).toBeGreaterThan(0);
    }, 120_000);

    it('say yes to one of two, and what they said is in the record, once', async () => {
      const untrue = [];
      for (const taskId of new Set(presses.map((one) => one.taskId))) {
        const { task, provenances } = await record.recorded(taskId);
        const yes = RIVALS.filter((user) => saysYes(user, taskId));
        const owners = yes.map((user) => record.practitioner(user));
        const claims = provenances.filter((one) => deedOf(one)?.verb === 'claim');
        const isTrue = owners.length === 1 && owners[0] === task.owner?.reference && claims.length === 1;
        if (!isTrue) untrue.push({ taskId, owners, owner: task.owner?.reference, claims: claims.length });
      }

      expect(untrue).toEqual([]);
    });

    it('leave one card of each Task, which says who has it', async () => {
      const taskIds = [...new Set(presses.map((one) => one.taskId))];

      await eventually(() => {
        const claimed = taskIds.map((taskId) => cardsOf(taskId).map(buttonsOf));
        expect(claimed.filter((cards) => cards.length !== 1 || !cards[0]?.includes('Complete'))).toEqual([]);
        for (const taskId of waiting) expect(cardsOf(taskId)).toHaveLength(1);
      }, PATIENCE_MS);
    }, 120_000);

    it('end well, by themselves', () => {
      expect(codes).toEqual([0, 0]);
    });
  },
);
