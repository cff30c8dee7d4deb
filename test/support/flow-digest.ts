import type { SlackMessage } from '../../sandbox/slack/index.ts';
import type { TeamsMessage } from '../../sandbox/teams/index.ts';
import { slotAfter } from '../../src/clock/daily.ts';
import type { Daily } from '../../src/clock/pool-clock.ts';
import type { Clinic } from './clinic.ts';
import { wordsOf } from './flow-card.ts';
import { configured } from './flow-config.ts';
import { teamsWordsOf } from './flow-teams-card.ts';

/** When the digests of the tests come. */
export const EIGHT: Daily = { cron: '0 8 * * 1-5', zone: 'America/New_York', holidays: [] };

/** The configuration of the demo with a digest for each pool at that time. */
export function withDigest(more: Readonly<Record<string, unknown>> = {}) {
  return configured({
    timezone: EIGHT.zone,
    hours: { 'mon-fri': '08:00-18:00' },
    targets: { claimWithin: { stat: '5m', urgent: '1h', routine: '8h' } },
    digest: { cron: EIGHT.cron, graceMinutes: 120 },
    escalation: [],
    reminders: false,
    shiftEnd: false,
    ...more,
  });
}

/** The next eight o'clock of a working day there, and a moment. */
export function nextEight(after: number): Date {
  const slot = slotAfter(new Date(after), EIGHT);
  if (slot === undefined) throw new Error('There are no working days any more.');
  return new Date(slot.at.getTime() + 5_000);
}

const HEAD = /Daily digest {2}·/;

/** The digests in a channel, oldest first. */
export function digestsIn({ sandbox }: Pick<Clinic, 'sandbox'>, channel: string): SlackMessage[] {
  return sandbox.slack.messages(channel).filter((message) => HEAD.test(wordsOf(message)));
}

/** The same on the other platform. */
export function teamsDigestsIn({ sandbox }: Pick<Clinic, 'sandbox'>, channel: string): TeamsMessage[] {
  return sandbox.teams.messages(channel).filter((message) => HEAD.test(teamsWordsOf(message)));
}
