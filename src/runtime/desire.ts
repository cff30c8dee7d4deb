import { createHash } from 'node:crypto';
import type { Task } from '@medplum/fhirtypes';
import type { Card } from '../cards/card.ts';
import type { Desired, Posted } from '../cards/diff.ts';
import { withFollowUps } from '../cards/follow-up-line.ts';
import { needsMessage, shownMessage } from '../cards/privacy.ts';
import { type Place, placesOf, privacyAt, type Surface, surfaceKey } from '../cards/surfaces.ts';
import { closingCard, type Drawing, goneCard, taskCard } from '../cards/task-card.ts';
import type { Message } from '../duties/thread.ts';
import type { Pool } from '../routing/pools.ts';
import { CLOSED, standingOf, type TaskRules } from '../routing/task.ts';
import type { Orphans } from './orphans.ts';
import { withRetries } from './patience.ts';
import type { People } from './people.ts';
import type { ChatPlatform } from './ports/chat.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Observation, RecordStore } from './ports/record.ts';

export interface DesireParts {
  readonly store: RecordStore;
  readonly ledger: Ledger;
  readonly people: Pick<People, 'chatUsersOf'>;
  readonly platforms: readonly ChatPlatform[];
  readonly pools: readonly Pool[];
  readonly rules: TaskRules;
  readonly orphans: Pick<Orphans, 'reports'>;
  readonly taskLink: string | undefined;
  /** Whether people get a direct message for a Task that was assigned to them. */
  readonly tellOwners: boolean;
}

/**
 * What should stand where: a card on every surface where the Task belongs, and its closing form on every other where
 * it has a card.
 *
 * @param seen undefined for a Task that the record does not have any more.
 */
export type Desire = (
  taskId: string,
  seen: Observation | undefined,
  posted: readonly Posted[],
) => Promise<Desired[]>;

export function createDesire(parts: DesireParts): Desire {
  const { store, people, pools, rules } = parts;

  return async (taskId, seen, posted) => {
    if (seen === undefined) return posted.map((one) => want(one.surface, goneCard(taskId), 'closing'));
    const { task } = seen;
    const places = placesOf(task, pools, rules, await ownerSurfaces(task));
    const here = new Set(places.map((place) => surfaceKey(place.surface)));
    const reports = await parts.orphans.reports(seen, here, posted);
    const spokenFor = new Set([...here, ...reports.map(({ surface }) => surfaceKey(surface))]);
    const left = posted
      .filter((one) => !spokenFor.has(surfaceKey(one.surface)))
      .map((one): Place => ({ surface: one.surface, privacy: privacyAt(one.surface, pools) }));
    const messages = await messagesFor(seen, places);
    const drawing: Drawing = {
      ...seen,
      message: shownMessage(messages),
      pools,
      rules,
      taskLink: parts.taskLink,
    };
    const standing = standingOf(task, rules);
    const worth = standing === 'unclaimed' || standing === 'assigned' ? 'worth posting' : 'only kept true';
    return [
      ...places.map(({ surface, privacy }) =>
        want(surface, withFollowUps(taskCard(drawing, privacy), task, messages), worth),
      ),
      ...left.map(({ surface, privacy }) => want(surface, closingCard(drawing, privacy), 'closing')),
      ...reports.flatMap(({ surface, show }) => (show ? [want(surface, show.card, show.how)] : [])),
    ];
  };

  /** The direct messages of an owner who has yet to accept, where they are known on a platform. */
  async function ownerSurfaces(task: Task): Promise<Surface[]> {
    const [type, id] = task.owner?.reference?.split('/') ?? [];
    if (!parts.tellOwners || type !== 'Practitioner' || !id || standingOf(task, rules) !== 'assigned')
      return [];
    const users = await people.chatUsersOf(id);
    return users.flatMap((user) => {
      const platform = parts.platforms.find((one) => one.name === user.platform);
      return platform ? [platform.direct(user.id)] : [];
    });
  }

  /** What has been said in the thread, where a card would say anything of it. */
  async function messagesFor(
    { task, thread }: Observation,
    places: readonly Place[],
  ): Promise<readonly Message[]> {
    const counts = !CLOSED.includes(task.status) && places.length > 0;
    const quotes = places.some((place) => needsMessage(place.privacy));
    if (thread === undefined || !(counts || quotes)) return [];
    return withRetries(() => store.messages(thread.id));
  }
}

function want(surface: Surface, card: Card, how: 'worth posting' | 'only kept true' | 'closing'): Desired {
  return {
    surface,
    card,
    hash: hashOf(card),
    worthPosting: how === 'worth posting',
    closing: how === 'closing',
  };
}

/** Equal cards have equal words. Built from one place in the code, so the order of keys is stable. */
export function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('base64url').slice(0, 22);
}
