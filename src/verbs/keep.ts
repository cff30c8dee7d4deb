import { clockOf } from '../clock/clock-of.ts';
import { addOpenTime } from '../clock/hours.ts';
import { hoursFor } from '../clock/targets.ts';
import { priorityOf } from '../routing/priority.ts';
import { named, onlyHolder } from './holder.ts';
import { clockTime } from './until.ts';
import type { Verb } from './verb.ts';

/** Where no interval between reminders is configured, in open time. */
const USUAL_MS = 3_600_000;

/** Whoever has a Task says that they are at it: what a reminder asks. No card offers it, so that nobody is nagged. */
export const keep: Verb = {
  name: 'keep',
  label: 'Still on it',
  description: 'Say that you are still at work on your Task',
  past: 'is still on',
  fields: [],
  offer: () => undefined,
  decide: (_inputs, situation) => {
    const refused = onlyHolder(situation, 'say that they are still on it');
    if (refused) return refused;
    const { task, pools, rules, now } = situation;
    const clock = clockOf(task, pools, rules);
    const hours = hoursFor(priorityOf(task), clock);
    const end = addOpenTime(now, clock.reminders?.everyMs ?? USUAL_MS, hours);
    return {
      kind: 'accepted',
      verb: keep.name,
      guard: 'version',
      change: { snooze: { start: now.toISOString(), end: end.toISOString() } },
      sentence: `You get no reminders of ${named(task)} until ${clockTime(end, now, hours.zone)}.`,
    };
  },
};
