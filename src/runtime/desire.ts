import { createHash } from 'node:crypto';
import type { Card } from '../cards/card.ts';
import type { Desired, Posted } from '../cards/diff.ts';
import { dueFact, dueOf } from '../cards/due-fact.ts';
import { withFollowUps } from '../cards/follow-up-line.ts';
import { needsMessage, shownMessage } from '../cards/privacy.ts';
import { type Place, placesOf, privacyAt, type Surface, surfaceKey } from '../cards/surfaces.ts';
import { closingCard, type Drawing, goneCard, taskCard } from '../cards/task-card.ts';
import { clockOf } from '../clock/clock-of.ts';
import { isOpen } from '../clock/hours.ts';
import { hoursFor } from '../clock/targets.ts';
import { callsOf, mentionOf } from '../duties/ladder.ts';
import type { Message } from '../duties/thread.ts';
import { priorityOf } from '../routing/priority.ts';
import { CLOSED, type Standing, standingOf } from '../routing/task.ts';
import { createDirect, type DirectParts } from './direct.ts';
import type { Look } from './look.ts';
import type { Orphans } from './orphans.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Observation, RecordStore } from './ports/record.ts';

export interface DesireParts extends DirectParts {
  readonly store: RecordStore;
  readonly ledger: Ledger;
  readonly orphans: Pick<Orphans, 'reports'>;
  readonly taskLink: string | undefined;
}

/**
 * What should stand where: a card on every surface where the Task belongs, and its closing form on every other where
 * it has a card.
 *
 * @param seen undefined for a Task that the record does not have any more; @param look by whose instant it is drawn.
 */
export type Desire = (
  taskId: string,
  seen: Observation | undefined,
  posted: readonly Posted[],
  look: Look,
) => Promise<Desired[]>;

export function createDesire(parts: DesireParts): Desire {
  const { pools, rules } = parts;
  const direct = createDirect(parts);

  return async (taskId, seen, posted, look) => {
    if (seen === undefined) return posted.map((one) => want(one.surface, goneCard(taskId), 'closing'));
    const { task } = seen;
    const places = placesOf(task, pools, rules);
    const told = (await direct(seen, look)).filter(
      // At night what stands is kept true, and nothing new comes.
      ({ surface, mayDisturb }) => mayDisturb || posted.some(isLiveOn(surface)),
    );
    const here = new Set([...places, ...told].map(({ surface }) => surfaceKey(surface)));
    const reports = await parts.orphans.reports(seen, here, posted);
    const spokenFor = new Set([...here, ...reports.map(({ surface }) => surfaceKey(surface))]);
    const left = posted
      .filter((one) => !spokenFor.has(surfaceKey(one.surface)))
      .map((one): Place => ({ surface: one.surface, privacy: privacyAt(one.surface, pools) }));
    const messages = await messagesFor(seen, places, told.length > 0, look);
    const due = dueFact(task, dueOf(task, pools, rules, messages), pools, rules, look.at);
    const message = shownMessage(messages);
    const drawing: Drawing = { ...seen, message, pools, rules, taskLink: parts.taskLink, due };
    const standing = standingOf(task, rules);
    const worth = standing === 'unclaimed' || standing === 'assigned' ? 'worth posting' : 'only kept true';
    const call = callIn(seen, standing);
    return [
      ...places.map(({ surface, privacy }) => {
        const card = withFollowUps(taskCard(drawing, privacy), task, messages);
        return want(surface, { ...card, ...call?.mention }, worth, call?.occasion);
      }),
      ...told.map(({ surface, draw, occasion, mayDisturb }) => {
        const card = withFollowUps(draw(drawing), task, messages);
        return want(surface, card, mayDisturb ? 'worth posting' : 'only kept true', occasion);
      }),
      ...left.map(({ surface, privacy }) =>
        want(surface, closingCard(drawing, privacy, surface.kind), 'closing'),
      ),
      ...reports.flatMap(({ surface, show }) => (show ? [want(surface, show.card, show.how)] : [])),
    ];
  };

  /** The call that the channel's card stands for, with whom it mentions: nobody at night, unless it cannot wait. */
  function callIn(seen: Observation, standing: Standing) {
    const call = callsOf(seen, standing).find(({ kind }) => kind !== 'lead');
    if (call === undefined) return undefined;
    const clock = clockOf(seen.task, pools, rules);
    const whom = mentionOf(call, clock);
    const isDay = isOpen(new Date(call.deed.at), hoursFor(priorityOf(seen.task), clock));
    return { occasion: call.deed.at, mention: whom && isDay ? { mention: whom } : {} };
  }

  /** What has been said in the thread, where a card would say anything of it. */
  async function messagesFor(
    { task, thread }: Observation,
    places: readonly Place[],
    isTold: boolean,
    { talk }: Look,
  ): Promise<readonly Message[]> {
    const counts = !CLOSED.includes(task.status) && (places.length > 0 || isTold);
    const quotes = places.some((place) => needsMessage(place.privacy));
    return thread !== undefined && (counts || quotes) ? talk() : [];
  }
}

function isLiveOn(surface: Surface): (posted: Posted) => boolean {
  return (posted) => posted.state === 'live' && surfaceKey(posted.surface) === surfaceKey(surface);
}

function want(
  surface: Surface,
  card: Card,
  how: 'worth posting' | 'only kept true' | 'closing',
  occasion?: string,
): Desired {
  return {
    surface,
    card,
    hash: hashOf(card),
    worthPosting: how === 'worth posting',
    closing: how === 'closing',
    ...(occasion !== undefined && { occasion }),
  };
}

/** Equal cards have equal words. Built from one place in the code, so the order of keys is stable. */
export function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('base64url').slice(0, 22);
}
