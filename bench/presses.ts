import { setTimeout as sleep } from 'node:timers/promises';
import type { Sandbox } from '../sandbox/server.ts';
import { median, ms } from './statistics.ts';

const ROUNDS = 20;
const PRESSES_A_ROUND = 10;

/*
 * Both presses are refused before the record is asked: the clinic that holds the stopwatch is the FHIR server too, and
 * must not be busy with our reads while it waits for the answer. Up to there they go the whole way.
 */

export function slackPress({ slack }: Sandbox): () => Promise<unknown> {
  const channel = 'C0NURSES';
  const ts = slack.messages(channel).at(-1)?.ts ?? '';
  return () => slack.press({ user: 'U0ZEYNEP', channel, ts, action_id: 'claim', value: '?', stale: true });
}

export function teamsPress({ teams }: Sandbox): () => Promise<unknown> {
  const conversation = '19:registered-nurses@thread.tacv2';
  const activityId = teams.messages(conversation).at(-1)?.activityId ?? '';
  const data = { task: '?' };
  return () => teams.press({ user: 'U0ZEYNEP', conversation, activityId, verb: 'claim', data, stale: true });
}

/** Median milliseconds until a press is answered. The two take turns, so that both meet the same machine. */
export async function takeTurns(sandbox: Sandbox, ours: string, peer: string, press: () => Promise<unknown>) {
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  // The round before the first warms both up.
  for (let round = -1; round < ROUNDS; round++) {
    for (const who of ['ours', 'peer'] as const) {
      sandbox.setApp(who === 'ours' ? ours : peer);
      for (let i = 0; i < PRESSES_A_ROUND; i++) {
        const before = performance.now();
        await press();
        if (round >= 0) times[who].push(performance.now() - before);
        await sleep(15);
      }
    }
  }
  sandbox.setApp(ours);
  const [mine, theirs] = [median(times.ours), median(times.peer)];
  return {
    count: times.ours.length,
    sentence: `${ms(mine)} / ${ms(theirs)} = ${(mine / theirs).toFixed(2)}`,
  };
}
