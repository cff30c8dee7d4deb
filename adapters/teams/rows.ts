import type { Row } from '../../src/index.ts';
import type { ActionData } from './actions.ts';
import { actionSets, plainAction, textBlock } from './elements.ts';
import type { CardElement } from './shapes.ts';

/**
 * A row: its line, at most `text` characters of it, and its buttons below. Nothing unfolds in it: a press brings what has
 * to be filled in as a message of its own, and the rows stay rows.
 *
 * @param data goes with each press, besides the Task.
 */
export function rowElements({ line, buttons }: Row, data: ActionData, text: number): CardElement[] {
  const actions = buttons.map((one) => plainAction(one, { task: one.taskId, ...data }, 'primary'));
  return [{ ...textBlock(line, text), separator: true }, ...actionSets(actions)];
}

/** Says how many rows have found no room; nothing where all of them have. */
export function leftBlock(left: number): CardElement[] {
  if (left <= 0) return [];
  const text = left === 1 ? 'One more does not fit here.' : `${left} more do not fit here.`;
  return [{ type: 'TextBlock', text, wrap: true, isSubtle: true }];
}
