import { clockOf } from '../clock/clock-of.ts';
import { performerTypeName } from '../routing/pools.ts';
import { named, onlyHolder } from './holder.ts';
import { clockTime, untilInstant } from './until.ts';
import { type Decision, MISSING, refuse, type Situation, UNTIL_FIELD, type Verb } from './verb.ts';

const MINUTE = 60_000;
const MOST_DAYS = 7;

/** Whoever has a Task wants no reminders of it for a while. */
export const snooze: Verb = {
  name: 'snooze',
  label: 'Snooze',
  description: 'No reminders of your Task until a time, or until the patient writes',
  past: 'snoozed',
  fields: [UNTIL_FIELD],
  offer: (standing) => (standing === 'claimed' ? 'menu' : undefined),
  decide: ({ until }, situation) => {
    const refused = onlyHolder(situation, 'snooze it');
    if (refused) return refused;
    if (until === undefined) return refuse(MISSING.until, 'until');
    const { now } = situation;
    if (until.kind === 'reply') return snoozed(situation, undefined);
    const end = untilInstant(until, now, hoursOf(situation));
    if (end === undefined) return refuse(alwaysOpen(situation), 'until');
    const ms = end.getTime() - now.getTime();
    // After a holiday the next opening may be further away, and nobody is there before.
    if (ms < MINUTE || (until.kind !== 'opening' && ms > MOST_DAYS * 24 * 60 * MINUTE))
      return refuse(`A snooze lasts for a minute at least, and for ${MOST_DAYS} days at most.`, 'until');
    return snoozed(situation, end);
  },
};

function snoozed(situation: Situation, end: Date | undefined): Decision {
  const { task, now } = situation;
  const until = end ? clockTime(end, now, hoursOf(situation).zone) : 'the patient writes';
  return {
    kind: 'accepted',
    verb: snooze.name,
    guard: 'version',
    change: { snooze: { start: now.toISOString(), ...(end && { end: end.toISOString() }) } },
    sentence: `You get no reminders of ${named(task)} until ${until}.`,
  };
}

function hoursOf({ task, pools, rules }: Situation) {
  return clockOf(task, pools, rules).hours;
}

function alwaysOpen({ task, pools }: Situation): string {
  const pool = performerTypeName(task, pools);
  const who = pool === undefined ? 'The clinic' : `“${pool}”`;
  return `${who} does not close, so it does not open again. Say a time instead.`;
}
