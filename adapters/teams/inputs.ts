import { type Button, cut, type Form, type FormInput } from '../../src/index.ts';
import { executeAction } from './actions.ts';
import type { CardElement, InnerCard } from './shapes.ts';
import { escapeText } from './text.ts';

/**
 * A verb's inputs, unfolded inside a card. Ids carry the verb, because a card may hold the inputs of several and each
 * id must be its own.
 */
export function formCard(form: Form): InnerCard {
  const data: Record<string, string> = form.task ? { task: form.task.id } : {};
  return {
    type: 'AdaptiveCard',
    body: [
      ...form.inputs.map((input) => toInput(form.verb, input)),
      { type: 'ActionSet', actions: [executeAction(form.submit, form.verb, data, 'primary')] },
    ],
  };
}

/** Asks once more before what cannot be taken back. */
export function confirmCard(button: Button, question: string): InnerCard {
  return {
    type: 'AdaptiveCard',
    body: [
      { type: 'TextBlock', text: escapeText(cut(question, 300)), wrap: true },
      {
        type: 'ActionSet',
        actions: [executeAction(button.label, button.verb, { task: button.taskId }, 'primary')],
      },
    ],
  };
}

/** So many choices of a search stand in the card itself; the others come as the person types. */
const CHOICES = 30;

function toInput(verb: string, input: FormInput): CardElement {
  const base = {
    id: inputId(verb, input.name),
    label: cut(input.label, 100),
    isRequired: input.required,
    errorMessage: `${cut(input.label, 100)}: this is needed.`,
    placeholder: cut(input.hint, 100),
  };
  const choices = (input.choices ?? []).map(({ label, value }) => ({ title: cut(label, 75), value }));
  switch (input.kind) {
    case 'search': {
      const query = { type: 'Data.Query', dataset: input.name } as const;
      // A list without any choice is no valid card, nor is a choice without a value; a blank one names nothing.
      const first =
        choices.length > 0 ? choices.slice(0, CHOICES) : [{ title: base.placeholder, value: ' ' }];
      return { type: 'Input.ChoiceSet', style: 'filtered', choices: first, 'choices.data': query, ...base };
    }
    case 'choice':
      return { type: 'Input.ChoiceSet', style: 'compact', choices, ...base };
    case 'text':
      return {
        type: 'Input.Text',
        isMultiline: true,
        ...base,
        ...(input.maxLength !== undefined && { maxLength: input.maxLength }),
      };
    default:
      return input.kind satisfies never;
  }
}

function inputId(verb: string, name: string): string {
  return `${verb}.${name}`;
}

/** What was filled into a verb's inputs, by their plain names. */
export function readInputs(verb: string, data: Readonly<Record<string, unknown>>): Record<string, string> {
  const prefix = inputId(verb, '');
  const entries = Object.entries(data).flatMap(([key, value]) =>
    key.startsWith(prefix) && typeof value === 'string' && value !== ''
      ? [[key.slice(prefix.length), value]]
      : [],
  );
  return Object.fromEntries(entries);
}
