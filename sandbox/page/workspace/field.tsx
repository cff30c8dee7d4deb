import type { Element } from '../data/blocks.ts';
import { Choices } from './choices.tsx';
import type { Value } from './input-values.ts';
import { SuggestField } from './suggest-field.tsx';
import { useWorkspace } from './workspace-context.ts';

export interface FieldProps {
  readonly element: Element;
  readonly viewId: string;
  readonly id: string;
  readonly labelId: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
  readonly value: Value;
  onGive(value: Value): void;
}

/** Block Kit's single-line inputs, and the browser's input that is meant for each. */
const INPUT_TYPES: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
};

/** The control of an input block, by the type of its element. */
export function Field(props: FieldProps) {
  const { element } = props;
  if (element.type === 'plain_text_input' && element.multiline === true) return <TextArea {...props} />;
  const inputType = INPUT_TYPES[element.type];
  if (inputType !== undefined) return <Input {...props} inputType={inputType} />;
  switch (element.type) {
    case 'static_select':
      return <StaticSelect {...props} />;
    case 'users_select':
      return <UsersSelect {...props} />;
    case 'external_select':
      return <SuggestField {...props} />;
    case 'radio_buttons':
    case 'checkboxes':
      return <Choices {...props} />;
    default:
      return <span className="undrawn">“{element.type}” cannot be filled in on this page</span>;
  }
}

function Input({ inputType, ...props }: FieldProps & { readonly inputType: string }) {
  return (
    <input
      {...attributesOf(props)}
      type={inputType}
      className="input"
      placeholder={props.element.placeholder?.text}
      minLength={props.element.min_length}
      maxLength={props.element.max_length}
      onChange={(event) => props.onGive(event.target.value)}
    />
  );
}

function TextArea(props: FieldProps) {
  return (
    <textarea
      {...attributesOf(props)}
      className="input input--tall"
      rows={3}
      dir="auto"
      placeholder={props.element.placeholder?.text}
      minLength={props.element.min_length}
      maxLength={props.element.max_length}
      onChange={(event) => props.onGive(event.target.value)}
    />
  );
}

function StaticSelect(props: FieldProps) {
  const { element } = props;
  return (
    <select
      {...attributesOf(props)}
      className="select"
      onChange={(event) => props.onGive(event.target.value)}
    >
      <option value="">{element.placeholder?.text ?? 'Choose'}</option>
      {(element.options ?? []).map((option) => (
        <option key={option.value} value={option.value}>
          {option.text.text}
        </option>
      ))}
      {(element.option_groups ?? []).map((group) => (
        <optgroup key={group.label.text} label={group.label.text}>
          {group.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text.text}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

function UsersSelect(props: FieldProps) {
  const { people } = useWorkspace();
  return (
    <select
      {...attributesOf(props)}
      className="select"
      onChange={(event) => props.onGive(event.target.value)}
    >
      <option value="">{props.element.placeholder?.text ?? 'Choose somebody'}</option>
      {people.map((person) => (
        <option key={person.id} value={person.id}>
          {person.name}
        </option>
      ))}
    </select>
  );
}

function attributesOf({ id, value, invalid, describedBy }: FieldProps) {
  return {
    id,
    value: typeof value === 'string' ? value : '',
    'aria-invalid': invalid,
    'aria-describedby': describedBy,
  };
}
