import { parseArgs } from 'node:util';
import { startSandbox } from '../sandbox/server.ts';
import { environmentFor } from '../sandbox/settings.ts';
import { createShared } from '../test/support/unit-postgres.ts';
import { createLoad } from './load.ts';
import { watchMemory } from './memory.ts';
import { startSwitchboard } from './processes.ts';
import { watchQueues } from './queues.ts';
import { mean } from './statistics.ts';

/*
 * `npm run bench:soak -- --minutes 30`: twenty changes of Tasks and ten presses a second on one process with PostgreSQL, while
 * both platforms keep their limits. What grows must stop growing. Needs PostgreSQL, and Linux.
 */

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const minutes = Number(values.minutes);

const sandbox = await startSandbox();
await sandbox.teams.install();
const home = await createShared();
const complaints = new Map<string, number>();
let unhandled = 0;
const app = await startSwitchboard(
  (url) => {
    sandbox.setApp(url);
    return { ...environmentFor(sandbox.url, url), DATABASE_URL: home.url, LOG_LEVEL: 'warn' };
  },
  (line) => {
    if (/unhandled/i.test(line)) unhandled++;
    const said = /"msg":"([^"]*)"/.exec(line)?.[1] ?? line;
    complaints.set(said, (complaints.get(said) ?? 0) + 1);
  },
);

try {
  sandbox.slack.setRateLimits(true);
  sandbox.teams.setRateLimits(true);
  const memory = watchMemory(app.pid);
  const queues = watchQueues(app.url);
  const load = createLoad(sandbox);
  const chronicle = setInterval(() => {
    const { jobs, cards, lagS } = queues.samples.at(-1) ?? {};
    console.error(`${memory.samples.at(-1)?.toFixed(0)} MB, ${jobs} jobs, ${cards} cards, ${lagS} s behind`);
  }, 60_000);
  await load.run(minutes * 60_000);
  clearInterval(chronicle);
  memory.stop();
  queues.stop();

  const last = memory.samples.slice(Math.floor((memory.samples.length * 2) / 3));
  const tenth = Math.max(1, Math.floor(last.length / 10));
  const [from, to] = [mean(last.slice(0, tenth)), mean(last.slice(-tenth))];
  const growth = `${from.toFixed(0)} to ${to.toFixed(0)} MB = ${((to / from - 1) * 100).toFixed(1)} %`;
  const done = (name: Parameters<typeof load.done.get>[0]) => load.done.get(name) ?? 0;
  const changes = done('write') + done('close') + done('release') + done('raise') + done('touch');
  const rate = (count: number) => (count / (minutes * 60)).toFixed(1);
  console.log(`
| ${minutes} minutes of ${rate(changes)} changes of Tasks and ${rate(done('press'))} presses a second | figure | target |
|---|---|---|
| resident memory over the last third (means of its first and last tenth) | ${growth} | 5 % |
| jobs that wait or run, mean of the second and of the last third | ${queues.thirds('jobs')} | no growth |
| cards that wait for their turn | ${queues.thirds('cards')} | no growth |
| seconds that the slowest surface is behind | ${queues.thirds('lagS')} | no growth |
| unhandled rejections; is the process still there | ${unhandled}; ${await isThere(app.url)} | 0; yes |
| presses by HTTP status | ${JSON.stringify(Object.fromEntries(load.answers))} | 200 |
| warnings and errors in its log | ${JSON.stringify(Object.fromEntries(complaints))} | none |
`);
} finally {
  await app.stop();
  await sandbox.close();
  await home.drop();
}

async function isThere(url: string): Promise<'yes' | 'no'> {
  const answer = await fetch(`${url}/healthz`).catch(() => undefined);
  return answer?.ok ? 'yes' : 'no';
}
