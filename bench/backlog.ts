import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PEOPLE } from '../sandbox/clinic.ts';
import { type Sandbox, startSandbox } from '../sandbox/server.ts';
import { environmentFor } from '../sandbox/settings.ts';
import { createShared } from '../test/support/unit-postgres.ts';
import { claimElsewhere, configurationOf, manyPools, patientsOf, writeTo } from './clinic.ts';
import { watchMemory } from './memory.ts';
import { startSwitchboard } from './processes.ts';
import { seconds } from './statistics.ts';

/*
 * `npm run bench:backlog`: Switchboard is down while 5,000 Tasks come into 20 channels and 3,000 of them are claimed
 * elsewhere. While it catches up, another 200 are. Both platforms keep their limits. Needs PostgreSQL, and Linux.
 */

const TASKS = 5_000;
const CLAIMED = 3_000;
/** Claimed while their cards wait for their turn. */
const CLAIMED_LATE = 200;
/** Every so many-th Task is a `stat` one. */
const STAT_EVERY = 50;
const TASK_ID = /(?:Task\/|"task":")([0-9a-f-]{36})/;

const pools = manyPools(20);
const sandbox = await startSandbox({ channels: pools.map(({ channel }) => channel) });
await sandbox.teams.install();
const folder = await mkdtemp(join(tmpdir(), 'switchboard-backlog-'));
const home = await createShared();
const file = join(folder, 'switchboard.yaml');
await writeFile(file, configurationOf(pools));
const start = () =>
  startSwitchboard((url) => {
    sandbox.setApp(url);
    const env = environmentFor(sandbox.url, url);
    return { ...env, SWITCHBOARD_CONFIG: file, DATABASE_URL: home.url, LOG_LEVEL: 'error' };
  });

try {
  // What was in the record before the very first start is history.
  await (await start()).stop();
  const { waiting, stat } = await arrive(sandbox);

  sandbox.slack.setRateLimits(true);
  sandbox.teams.setRateLimits(true);
  const before = performance.now();
  const app = await start();
  const memory = watchMemory(app.pid);
  const late = waiting.filter((id) => !stat.has(id)).slice(-CLAIMED_LATE);
  await sleep(5_000);
  await claimAll(sandbox, late);
  const wanted = new Set(waiting.filter((id) => !late.includes(id)));

  while (postsOf(sandbox).length < wanted.size && performance.now() - before < 600_000) await sleep(500);
  const took = performance.now() - before;
  // Whatever came too much would come now.
  await sleep(30_000);
  memory.stop();
  await app.stop();

  const posts = postsOf(sandbox);
  const many = Map.groupBy(posts, ({ task }) => task);
  const of = (id: string) => many.get(id)?.length ?? 0;
  const refusals = [...sandbox.slack.calls(), ...sandbox.teams.calls()].filter(
    ({ status }) => status === 429,
  );
  console.log(`
| a backlog of ${TASKS} Tasks in ${pools.length} channels, ${CLAIMED} claimed while it was down, ${CLAIMED_LATE} while it caught up | figure | target |
|---|---|---|
| cards of what was still unclaimed | ${[...wanted].filter((id) => of(id) === 1).length} of ${wanted.size} | all, once |
| cards of what had been claimed before the start | ${posts.filter(({ task }) => !waiting.includes(task)).length} | 0 |
| cards of what was claimed while it waited for its turn | ${late.filter((id) => of(id) > 0).length} of ${late.length} | few |
| \`stat\` Tasks that came before all others in their channel | ${firstOf(posts, stat)} of ${stat.size} | nearly all |
| answers “too many requests” of both platforms | ${refusals.length} | 0 |
| from the start to the last card | ${seconds(took)} | the platforms’ pace |
| resident memory, at most | ${Math.max(...memory.samples).toFixed(0)} MB | 400 MB |
`);
} finally {
  await sandbox.close();
  await home.drop();
  await rm(folder, { recursive: true, force: true });
}

/** Patients write, and most of it is claimed elsewhere at once; gives what waits still. */
async function arrive(clinic: Sandbox): Promise<{ waiting: string[]; stat: Set<string> }> {
  const patients = await patientsOf(clinic);
  const waiting: string[] = [];
  const stat = new Set<string>();
  const claimed: string[] = [];
  for (let i = 0; i < TASKS; i++) {
    const isStat = i % STAT_EVERY === STAT_EVERY - 1;
    const pool = pools[i % pools.length];
    const patient = patients[i % patients.length];
    if (!pool || !patient) throw new Error('There are pools and patients.');
    const { id } = await writeTo(clinic, pool, patient, isStat ? 'stat' : 'routine');
    // Spread over all channels, and not the `stat` ones.
    if (!isStat && claimed.length < Math.ceil((CLAIMED * (i + 1)) / TASKS)) claimed.push(id);
    else waiting.push(id);
    if (isStat) stat.add(id);
  }
  await claimAll(clinic, claimed);
  return { waiting, stat };
}

async function claimAll(clinic: Sandbox, ids: readonly string[]): Promise<void> {
  const ana = PEOPLE[0]?.slackId ?? '';
  const owner = `Practitioner/${clinic.practitionerOf(ana)}`;
  for (const id of ids) await claimElsewhere(clinic, id, owner);
}

interface Post {
  readonly task: string;
  /** The channel. */
  readonly place: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Every card that was posted so far, the oldest first. */
function postsOf({ slack, teams }: Sandbox): Post[] {
  const inSlack = slack
    .posted()
    .map(({ channel, metadata, ts }) => ({ place: channel, about: metadata, at: Number(ts) * 1_000 }));
  const inTeams = teams.posted().map(({ conversation, attachments, activityId }) => ({
    place: conversation,
    about: attachments,
    at: Number(activityId),
  }));
  return [...inSlack, ...inTeams]
    .flatMap(({ place, about, at }) => {
      const task = TASK_ID.exec(JSON.stringify(about ?? ''))?.[1];
      return task ? [{ task, place, at }] : [];
    })
    .sort((a, b) => a.at - b.at);
}

function firstOf(posts: readonly Post[], stat: ReadonlySet<string>): number {
  const channels = [...Map.groupBy(posts, ({ place }) => place).values()];
  return channels.reduce((sum, inOrder) => {
    const other = inOrder.findIndex(({ task }) => !stat.has(task));
    return sum + (other < 0 ? inOrder.length : other);
  }, 0);
}
