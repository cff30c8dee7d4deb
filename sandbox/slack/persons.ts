import { ControlError } from '../control-error.ts';
import type { State } from './state.ts';
import type { OpenView, Person } from './types.ts';

/** The person who acts; somebody whose account is deactivated cannot. */
export function actor(state: State, id: string): Person {
  const person = state.people.get(id);
  if (!person) throw new ControlError(404, `There is no user ${id}.`);
  if (person.deleted) throw new ControlError(400, `The account of ${id} is deactivated.`);
  return person;
}

/** A view that this person has open: a modal or their home tab. */
export function viewOf(state: State, user: string, viewId: string): OpenView {
  const open = state.views.get(viewId) ?? [...state.homes.values()].find((one) => one.view.id === viewId);
  if (!open || open.user !== user) throw new ControlError(404, `${user} has no view ${viewId} open.`);
  return open;
}
