import { dayName } from '../clock/day-name.ts';
import type { PersonFacts } from '../clock/digest-facts.ts';
import { counted } from '../queries/counting.ts';
import { mine } from '../queries/mine.ts';
import { MINE } from '../queries/tasks.ts';
import { standingOf } from '../routing/task.ts';
import { offered } from '../verbs/index.ts';
import type { Card, Row } from './card.ts';
import { type RowDrawing, struckRow } from './digest-row.ts';
import { askButton, DOT, taskLine } from './row.ts';
import { buttonOf } from './verb-button.ts';

/** All that a person's own digest is drawn from. */
export interface PersonDrawing extends RowDrawing {
  readonly facts: PersonFacts;
  readonly practitionerId: string;
}

/**
 * What a person has to do, for their direct messages: the numbers as they were counted, the Tasks as they are now.
 *
 * @param isCurrent false once a newer one stands below it.
 */
export function personDigestCard(drawing: PersonDrawing, isCurrent: boolean): Card {
  const { facts } = drawing;
  const sentence = sentenceOf(facts);
  const rows = facts.rows.map(({ id }) => rowOf(id, drawing));
  const isMore = facts.owned + facts.assigned > facts.rows.length;
  return {
    title: `Your Tasks${DOT}${dayName(facts.day)}`,
    facts: [],
    lines: [[sentence]],
    rows: isCurrent ? rows : rows.map(({ line }) => ({ line, buttons: [] })),
    footer: ['Counted ', { instant: facts.at, as: 'time' }],
    buttons: isCurrent && isMore ? [askButton(mine, 'Show all', MINE)] : [],
    menu: [],
    notification: `Your digest: ${sentence}`,
  };
}

function sentenceOf({ owned, assigned }: PersonFacts): string {
  const given = `${counted(assigned, 'Task')} ${assigned === 1 ? 'was' : 'were'} assigned to you, not accepted yet`;
  if (owned === 0) return `${given.charAt(0).toUpperCase()}${given.slice(1)}.`;
  const had = `You have ${counted(owned, 'open Task')}`;
  return assigned === 0 ? `${had}.` : `${had}; ${given}.`;
}

/** With the buttons that `mine` has: the verbs' own, and the first of what a card has in its menu. */
function rowOf(taskId: string, drawing: PersonDrawing): Row {
  const task = drawing.tasks.get(taskId);
  if (task === undefined || task.owner?.reference !== `Practitioner/${drawing.practitionerId}`)
    return struckRow(taskId, drawing);
  const standing = standingOf(task, drawing.rules);
  if (standing !== 'claimed' && standing !== 'assigned') return struckRow(taskId, drawing);
  const verbs = [...offered(standing, 'button'), ...offered(standing, 'menu').slice(0, 1)];
  const line = taskLine(task, { pools: drawing.pools });
  return {
    line: standing === 'assigned' ? [...line, DOT, { bold: 'not accepted yet' }] : line,
    buttons: verbs.map((verb) => buttonOf(verb, taskId)),
  };
}
