import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../sandbox/server.ts';
import { environmentFor } from '../sandbox/settings.ts';
import { measureArrivals } from './arrivals.ts';
import { slackPress, takeTurns, teamsPress } from './presses.ts';
import { startServer, startSwitchboard } from './processes.ts';
import { countRequests } from './requests.ts';
import { median, ms, percentile, seconds } from './statistics.ts';

/*
 * `npm run bench`: what Switchboard costs, beside bare peers in the same run. The figures go into the README; no test
 * asserts a time.
 */

const folder = await mkdtemp(join(tmpdir(), 'switchboard-bench-'));
const sandbox = await startSandbox();
const startOurs = () =>
  startSwitchboard((url) => ({
    ...environmentFor(sandbox.url, url),
    DATA_DIR: join(folder, 'ledger'),
    LOG_LEVEL: 'error',
  }));
// The very first start makes the embedded database; every later one only opens it.
const first = await startOurs();
await first.stop();
const ours = await startOurs();
const bolt = await startServer(new URL('./bare-bolt.ts', import.meta.url), (url) => ({
  PORT: new URL(url).port,
  SLACK_SIGNING_SECRET: 'sandbox-signing-secret',
  SLACK_API_URL: `${sandbox.url}/slack/api/`,
}));
const botbuilder = await startServer(new URL('./bare-botbuilder.ts', import.meta.url), (url) => ({
  PORT: new URL(url).port,
  SANDBOX_URL: sandbox.url,
}));

try {
  sandbox.setApp(ours.url);
  await sandbox.teams.install();
  const arrivals = await measureArrivals(sandbox, 60);
  const slack = await takeTurns(sandbox, ours.url, bolt.url, slackPress(sandbox));
  const teams = await takeTurns(sandbox, ours.url, botbuilder.url, teamsPress(sandbox));
  const requests = await countRequests(sandbox);
  console.log(`
| measured | figure | target |
|---|---|---|
| acknowledging a press in Slack, beside a bare Bolt app (median of ${slack.count}) | ${slack.sentence} | 1.3 |
| answering a press in Teams, beside a bare botbuilder bot, without FHIR time (median of ${teams.count}) | ${teams.sentence} | 1.3 |
| Task created to card in Slack (median, 95th percentile of ${arrivals.length}) | ${ms(median(arrivals))}, ${ms(percentile(arrivals, 0.95))} | 60 ms |
| FHIR requests of a claim: reads + writes | ${requests.claim} | 1 + 3 |
| FHIR requests of a reconcile that changes nothing | ${requests.idle} | 1 |
| start-up to ready, both platforms (the very first, which makes the database) | ${seconds(ours.startedInMs)} (${seconds(first.startedInMs)}) | 3 s |
`);
} finally {
  await Promise.all([ours.stop(), bolt.stop(), botbuilder.stop()]);
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}
