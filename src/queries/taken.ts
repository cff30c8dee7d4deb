import type { Task } from '@medplum/fhirtypes';
import { DOT, linkTo, taskLine } from '../cards/row.ts';
import { since } from '../routing/duration.ts';
import { referenceTo } from '../routing/eligibility.ts';
import { priorityLabel, priorityOf, waitingSince } from '../routing/priority.ts';
import { named } from '../verbs/holder.ts';
import type { Asking } from './asking.ts';
import { buttonsFor } from './buttons.ts';
import type { Listing } from './query.ts';

/**
 * What somebody is told whom `next` gave a Task: which one, where its message is answered, and what to do then.
 *
 * @param task as it was when it still waited.
 */
export function listTaken(task: Task & { id: string }, asking: Asking): Listing {
  const { actor, now, pools, taskLink } = asking;
  const arrived = `arrived ${since(waitingSince(task), now)} ago`;
  const link = linkTo(task.id, taskLink);
  const mine = { ...task, status: 'accepted' as const, owner: referenceTo(actor.practitioner) };
  return {
    sentence: `${named(task)} is yours: ${priorityLabel(priorityOf(task))}, ${arrived}. Answer it in its thread in Medplum.`,
    sections: [
      {
        rows: [
          {
            line: [...taskLine(mine, { pools }), ...(link === undefined ? [] : [DOT, link])],
            buttons: buttonsFor(mine, asking, 'everything'),
          },
        ],
      },
    ],
  };
}
