import { type KeyboardEvent, useState } from 'react';
import type { Option } from '../data/blocks.ts';
import type { FieldProps } from './field.tsx';
import { useSuggestions } from './use-suggestions.ts';

/** A select whose options come from the app while one types: a combobox with a list of suggestions. */
export function SuggestField({
  element,
  viewId,
  id,
  labelId,
  describedBy,
  invalid,
  value,
  onGive,
}: FieldProps) {
  const [text, setText] = useState(element.initial_option?.text.text ?? '');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const wanted = open && text.trim().length >= (element.min_query_length ?? 3);
  const found = useSuggestions(viewId, element.action_id ?? '', wanted ? text.trim() : undefined);
  const flat = found.groups.flatMap((group) => group.options);
  const listId = `${id}-list`;

  const choose = (option: Option) => {
    setText(option.text.text);
    setOpen(false);
    onGive(option.value ?? '');
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = flat[active];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      if (open && flat.length > 0) setActive((active + step + flat.length) % flat.length);
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (option !== undefined) choose(option);
    } else if (event.key === 'Escape' && open) {
      // The first Escape closes the list, the next one the dialog.
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };

  return (
    <div className="suggest">
      <input
        id={id}
        className="input"
        type="text"
        role="combobox"
        autoComplete="off"
        dir="auto"
        value={text}
        placeholder={element.placeholder?.text ?? 'Type to search'}
        aria-invalid={invalid}
        aria-describedby={describedBy}
        aria-autocomplete="list"
        aria-expanded={wanted}
        aria-controls={listId}
        aria-activedescendant={wanted && flat.length > 0 ? `${listId}-${active}` : undefined}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setActive(0);
          if (value !== '') onGive('');
        }}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {wanted ? (
        <div className="suggest__list" role="listbox" id={listId} aria-labelledby={labelId} tabIndex={-1}>
          {found.groups.map((group) => (
            <fieldset key={group.label} className="suggest__group">
              {group.label === '' ? null : <legend>{group.label}</legend>}
              {group.options.map((option) => {
                const at = flat.indexOf(option);
                return (
                  <div
                    key={option.value}
                    id={`${listId}-${at}`}
                    className="suggest__option"
                    role="option"
                    tabIndex={-1}
                    aria-selected={at === active}
                    // Before the input loses the focus, which closes the list.
                    onPointerDown={(event) => {
                      event.preventDefault();
                      choose(option);
                    }}
                    onPointerEnter={() => setActive(at)}
                  >
                    <span dir="auto">{option.text.text}</span>
                    {option.description === undefined ? null : <small>{option.description.text}</small>}
                  </div>
                );
              })}
            </fieldset>
          ))}
          {flat.length === 0 ? <p className="suggest__none">{sayNothing(found.state)}</p> : null}
        </div>
      ) : null}
    </div>
  );
}

function sayNothing(state: 'asking' | 'answered' | 'failed'): string {
  if (state === 'asking') return 'Looking…';
  return state === 'failed' ? 'Switchboard did not answer. Type on to ask again.' : 'Nothing matches.';
}
