import type { Verb } from '../verbs/verb.ts';
import type { Button } from './card.ts';

/** A verb as a button, on a card or in a listing. */
export function buttonOf(verb: Verb, taskId: string): Button {
  return {
    verb: verb.name,
    label: verb.label,
    taskId,
    asks: verb.fields.some((field) => field.required),
    ...(verb.style && { style: verb.style }),
    ...(verb.confirm && { confirm: verb.confirm }),
  };
}
