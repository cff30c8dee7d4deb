import { useCardLinks } from '../stage/card-links.ts';
import { taskNamedIn } from './task-named.ts';

/** Leads the record to the Task of a button that was pressed, where the button names one: in a listing, each row does. */
export function useLead(): (value: string | undefined) => void {
  const { show } = useCardLinks();
  return (value) => {
    const task = taskNamedIn(value);
    if (task !== undefined) show(task, 'pressed');
  };
}
