import { ControlError } from '../control-error.ts';
import { type Dict, isDict } from '../dict.ts';
import { chosenValue, statefulElements, stateOf, withValue } from './element-values.ts';
import type { OpenView, StateValues } from './types.ts';

/** The `state.values` of a view after a person filled this in; rejects what the view does not have. */
export function givenValues(open: OpenView, given: Dict): StateValues {
  const left = new Set(Object.keys(given));
  let values = stateOf(open.view.blocks, open.view.state.values);
  for (const { block, element } of statefulElements(open.view.blocks)) {
    const blockId = String(block.block_id);
    const actionId = String(element.action_id);
    const found = valueFor(given, blockId, actionId);
    if (!found) continue;
    left.delete(found.key);
    const suggested = open.suggestions.get(actionId) ?? [];
    values = withValue(values, blockId, actionId, chosenValue(element, found.value, suggested));
  }
  if (left.size > 0) throw new ControlError(400, `The view has no ${[...left].join(', ')}.`);
  return values;
}

/** What was given for one element: under its block and itself, or flat under either of them. */
function valueFor(
  given: Dict,
  blockId: string,
  actionId: string,
): { key: string; value: unknown } | undefined {
  const nested = given[blockId];
  if (isDict(nested))
    return Object.hasOwn(nested, actionId) ? { key: blockId, value: nested[actionId] } : undefined;
  if (Object.hasOwn(given, actionId)) return { key: actionId, value: given[actionId] };
  return Object.hasOwn(given, blockId) ? { key: blockId, value: nested } : undefined;
}
