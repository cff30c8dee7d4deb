import { type Button, type Choice, cut, type Form, type FormInput } from '../../src/index.ts';
import { type ActionData, executeAction, PREVIEW } from './actions.ts';
import type { CardAction, CardElement, ChoiceSet, InnerCard } from './shapes.ts';
import { escapeText } from './text.ts';

/** Where a form stands: unfolded inside the card of a Task, or as a card of its own that goes when it is done. */
export type FormPlace = 'card' | 'own';

/** So many choices of an input stand in the card itself; the others come as the person types. */
export const CHOICES = 30;

/** A verb's inputs with its buttons, to be unfolded inside a card. */
export function formCard(form: Form, place: FormPlace, choices = CHOICES): InnerCard {
  const task: ActionData = form.task ? { task: form.task.id } : {};
  const submit = executeAction(form.submit, form.verb, { ...task, form: place }, 'primary');
  const preview = executeAction('Preview', PREVIEW, { ...task, of: form.verb });
  return {
    type: 'AdaptiveCard',
    body: formBody(form, form.previews ? [submit, preview] : [submit], choices),
  };
}

/**
 * What a form asks for, with these buttons at its end. Ids carry the verb, because a card may hold the inputs of
 * several and each id must be its own.
 */
export function formBody(form: Form, actions: readonly CardAction[], choices = CHOICES): CardElement[] {
  return [
    ...(form.lead ? [paragraph(form.lead)] : []),
    ...form.inputs.map((input) => toInput(form, input, choices)),
    { type: 'ActionSet', actions },
  ];
}

/** Asks once more before what cannot be taken back. */
export function confirmCard(button: Button, question: string, data: ActionData): InnerCard {
  return {
    type: 'AdaptiveCard',
    body: [
      paragraph(question),
      { type: 'ActionSet', actions: [executeAction(button.label, button.verb, data, 'primary')] },
    ],
  };
}

function paragraph(text: string): CardElement {
  return { type: 'TextBlock', text: escapeText(cut(text, 600)), wrap: true };
}

function toInput({ verb, previews }: Form, input: FormInput, most: number): CardElement {
  // A client lets no button of the form be pressed while a required input is empty, and a preview needs no reason.
  // What is not marked is asked for when the form comes in.
  const isMarked = input.required && (!previews || input.kind === 'search');
  const base = {
    id: inputId(verb, input.name),
    label: cut(input.required && !isMarked ? `${input.label} *` : input.label, 100),
    isRequired: isMarked,
    errorMessage: `${cut(input.label, 100)}: this is needed.`,
    placeholder: cut(input.hint, 100),
  };
  switch (input.kind) {
    case 'search':
      return choiceSet(input, base, most, input.name);
    case 'choice':
      return choiceSet(input, base, most, (input.choices?.length ?? 0) > most ? base.id : undefined);
    case 'text': {
      const { maxLength, initial } = input;
      return {
        type: 'Input.Text',
        isMultiline: true,
        ...base,
        ...(maxLength !== undefined && { maxLength }),
        ...(initial !== undefined && { value: maxLength === undefined ? initial : cut(initial, maxLength) }),
      };
    }
    default:
      return input.kind satisfies never;
  }
}

/** @param dataset what a search for more choices is called; undefined where all of them stand in the card. */
function choiceSet(
  input: FormInput,
  base: Omit<ChoiceSet, 'type' | 'style' | 'choices'>,
  most: number,
  dataset: string | undefined,
): ChoiceSet {
  const offered = firstChoices(input, most).map(({ label, value }) => ({ title: cut(label, 75), value }));
  // A list without any choice is no valid card, nor is a choice without a value; a blank one names nothing.
  const choices = offered.length > 0 ? offered : [{ title: base.placeholder, value: ' ' }];
  const query = dataset && { 'choices.data': { type: 'Data.Query', dataset } as const };
  const style = dataset ? 'filtered' : 'compact';
  return {
    type: 'Input.ChoiceSet',
    style,
    choices,
    ...query,
    ...base,
    ...(input.initial && { value: input.initial }),
  };
}

/** The first choices; the one that is chosen already is always among them, since no other value would be shown. */
function firstChoices({ choices = [], initial }: FormInput, most: number): readonly Choice[] {
  const first = choices.slice(0, most);
  if (!initial || first.some(({ value }) => value === initial)) return first;
  const chosen = choices.find(({ value }) => value === initial) ?? { value: initial, label: initial };
  return [chosen, ...first.slice(0, most - 1)];
}

/** Choices of a form whose label holds these words; for an input with more choices than stand in the card. */
export function matching(form: Form | undefined, input: string, words: string): readonly Choice[] {
  const choices = form?.inputs.find(({ name }) => name === input)?.choices ?? [];
  const wanted = words.trim().toLowerCase();
  return choices.filter(({ label }) => label.toLowerCase().includes(wanted)).slice(0, CHOICES);
}

function inputId(verb: string, name: string): string {
  return `${verb}.${name}`;
}

/** What was filled into a verb's inputs, by their plain names. */
export function readInputs(verb: string, data: Readonly<Record<string, unknown>>): Record<string, string> {
  const prefix = inputId(verb, '');
  const entries = Object.entries(data).flatMap(([key, value]) =>
    key.startsWith(prefix) && typeof value === 'string' && value.trim() !== ''
      ? [[key.slice(prefix.length), value]]
      : [],
  );
  return Object.fromEntries(entries);
}
