import type { Card } from '../cards/card.ts';
import { reminderCard } from '../cards/reminder-card.ts';
import { type Surface, surfaceKey } from '../cards/surfaces.ts';
import { type Drawing, taskCard } from '../cards/task-card.ts';
import { clockOf } from '../clock/clock-of.ts';
import { isOpen } from '../clock/hours.ts';
import { hoursFor, targetOf } from '../clock/targets.ts';
import { callsOf } from '../duties/ladder.ts';
import { remindingOf } from '../duties/reminders.ts';
import type { Pool } from '../routing/pools.ts';
import { priorityOf } from '../routing/priority.ts';
import { standingOf, type TaskRules } from '../routing/task.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';
import type { ChatPlatform } from './ports/chat.ts';
import type { Observation } from './ports/record.ts';

export interface DirectParts {
  readonly people: Pick<People, 'chatUsersOf'>;
  readonly platforms: readonly ChatPlatform[];
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  /** Whether people get a direct message for a Task that was assigned to them. */
  readonly tellOwners: boolean;
}

/** What somebody's direct messages should show of a Task. */
export interface Direct {
  readonly surface: Surface;
  readonly draw: (drawing: Drawing) => Card;
  readonly occasion: string | undefined;
  /** False at night: what stands there is kept true, and nothing new comes. */
  readonly mayDisturb: boolean;
}

/**
 * Who is to know of a Task in private: an owner who has not accepted it, or not answered in time; the leads of a pool where
 * nobody claims it, or somebody asks for help. Whoever raised the alarm is not told of it, and nobody is told at night but
 * of `stat` and `asap`.
 */
export function createDirect(
  parts: DirectParts,
): (seen: Observation, look: Look) => Promise<readonly Direct[]> {
  const { pools, rules } = parts;

  async function forOwner(seen: Observation, look: Look, mayDisturb: boolean): Promise<Direct[]> {
    const { task } = seen;
    const standing = standingOf(task, rules);
    const isAssigned = parts.tellOwners && standing === 'assigned';
    const reminder =
      standing === 'assigned' || standing === 'claimed' ? await reminderOf(seen, look) : undefined;
    if (!isAssigned && reminder === undefined) return [];
    const surfaces = await surfacesOf(task.owner?.reference);
    const draw = (drawing: Drawing) =>
      reminder ? reminderCard(drawing, reminder) : taskCard(drawing, 'none');
    return surfaces.map((surface) => ({ surface, draw, occasion: reminder?.occasion, mayDisturb }));
  }

  async function reminderOf(seen: Observation, { at, talk }: Look) {
    const clock = clockOf(seen.task, pools, rules);
    const earliest = targetOf(seen.task, 'claimed', clock)?.due;
    if (clock.reminders === undefined || earliest === undefined || earliest > at) return undefined;
    return remindingOf({ ...seen, messages: await talk() }, clock, at).reminder;
  }

  async function forLeads(seen: Observation, mayDisturb: boolean): Promise<Direct[]> {
    const standing = standingOf(seen.task, rules);
    if (standing !== 'unclaimed' && standing !== 'assigned' && standing !== 'claimed') return [];
    const { leads } = clockOf(seen.task, pools, rules);
    const call = callsOf(seen, standing).find(({ kind }) => kind !== 'mention');
    if (call === undefined) return [];
    const told = leads.filter(
      (lead) => lead !== call.deed.who?.reference && lead !== seen.task.owner?.reference,
    );
    const surfaces = (await Promise.all(told.map(surfacesOf))).flat();
    const draw = (drawing: Drawing) => taskCard(drawing, 'none');
    return surfaces.map((surface) => ({ surface, draw, occasion: call.deed.at, mayDisturb }));
  }

  async function surfacesOf(practitioner: string | undefined): Promise<Surface[]> {
    const [type, id] = practitioner?.split('/') ?? [];
    if (type !== 'Practitioner' || !id) return [];
    const users = await parts.people.chatUsersOf(id);
    return users.flatMap((user) => {
      const platform = parts.platforms.find((one) => one.name === user.platform);
      return platform ? [platform.direct(user.id)] : [];
    });
  }

  return async (seen, look) => {
    const mayDisturb = isOpen(look.at, hoursFor(priorityOf(seen.task), clockOf(seen.task, pools, rules)));
    const all = [...(await forOwner(seen, look, mayDisturb)), ...(await forLeads(seen, mayDisturb))];
    // A lead may be the one who has it: one card.
    const byKey = Map.groupBy(all, ({ surface }) => surfaceKey(surface));
    return [...byKey.values()].flatMap(([first]) => (first ? [first] : []));
  };
}
