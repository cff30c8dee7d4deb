import { ControlError } from '../control-error.ts';
import { asDict, asDicts, asText, type Dict } from '../dict.ts';

/** The choices that an application offered for a dataset, so that one of them can be picked. */
export type Offered = (dataset: string) => ReadonlySet<string>;

/**
 * The values that a client would send with an action: what the person filled in (`given`, by input id), else
 * what the card filled in. Rejects what a client would not let pass.
 */
export function fillIn(inputs: readonly Dict[], given: Dict, offered: Offered): Dict {
  const unknown = Object.keys(given).find((id) => !inputs.some((input) => input.id === id));
  if (unknown !== undefined) throw new ControlError(400, `There is no input ${unknown} beside this action.`);
  const values: Dict = {};
  for (const input of inputs) {
    const id = asText(input.id);
    if (!id) continue;
    const value = toText(given[id] === undefined ? initialValue(input) : given[id]);
    if (isSet(input, value)) checkValue(input, id, value, offered);
    else if (input.isRequired === true) throw new ControlError(400, requiredSentence(input, id));
    // As the renderer does: an input that is empty is not sent at all.
    if (value !== '') values[id] = value;
  }
  return values;
}

/** The dataset of an input that asks the application for its choices. */
export const datasetOf = (input: Dict): string | undefined =>
  asText(asDict(input['choices.data'] ?? asDict(input.choices).data).dataset);

function initialValue(input: Dict): unknown {
  if (input.type !== 'Input.Toggle') return input.value;
  return input.value ?? input.valueOff ?? 'false';
}

function toText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isSet(input: Dict, value: string): boolean {
  if (input.type === 'Input.Toggle' && input.isRequired === true) return value === (input.valueOn ?? 'true');
  return value !== '';
}

function requiredSentence(input: Dict, id: string): string {
  return `${id} is required: ${asText(input.errorMessage) ?? 'it must be filled in.'}`;
}

function checkValue(input: Dict, id: string, value: string, offered: Offered): void {
  const refuse = (what: string) => {
    throw new ControlError(400, `${id} ${what}`);
  };
  switch (input.type) {
    case 'Input.Text': {
      const most = typeof input.maxLength === 'number' ? input.maxLength : Number.POSITIVE_INFINITY;
      if (value.length > most) refuse(`takes ${most} characters.`);
      const regex = asText(input.regex);
      if (regex && !new RegExp(regex).test(value)) refuse(`must look like ${regex}.`);
      return;
    }
    case 'Input.Number': {
      const number = Number(value);
      if (!Number.isFinite(number)) refuse('must be a number.');
      if (typeof input.min === 'number' && number < input.min) refuse(`must be at least ${input.min}.`);
      if (typeof input.max === 'number' && number > input.max) refuse(`must be at most ${input.max}.`);
      return;
    }
    case 'Input.Date':
      if (!/^\d{4}-\d\d-\d\d$/.test(value)) refuse('must be a date, 2026-11-30.');
      return;
    case 'Input.Time':
      if (!/^\d\d:\d\d$/.test(value)) refuse('must be a time, 14:30.');
      return;
    case 'Input.Toggle':
      if (![input.valueOn ?? 'true', input.valueOff ?? 'false'].includes(value)) refuse('is on or off.');
      return;
    case 'Input.ChoiceSet': {
      const dataset = datasetOf(input);
      const known = asDicts(input.choices).map((choice) => choice.value);
      const picked = input.isMultiSelect === true ? value.split(',') : [value];
      const missing = picked.find(
        (one) => !known.includes(one) && !(dataset !== undefined && offered(dataset).has(one)),
      );
      if (missing !== undefined)
        refuse(`offers no choice ${missing}${dataset ? `; search ${dataset} for it first` : ''}.`);
      return;
    }
  }
}
