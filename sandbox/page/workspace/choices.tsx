import type { FieldProps } from './field.tsx';

/** Radio buttons and checkboxes. */
export function Choices({ element, id, labelId, describedBy, invalid, value, onGive }: FieldProps) {
  const many = element.type === 'checkboxes';
  const chosen = typeof value === 'string' ? [value] : value;

  const choose = (option: string, on: boolean) => {
    if (!many) return onGive(option);
    onGive(on ? [...chosen, option] : chosen.filter((other) => other !== option));
  };

  return (
    <fieldset className="choices" aria-labelledby={labelId} aria-describedby={describedBy}>
      {(element.options ?? []).map((option, i) => (
        <label key={option.value} className="choices__option">
          <input
            id={i === 0 ? id : undefined}
            type={many ? 'checkbox' : 'radio'}
            name={id}
            value={option.value}
            aria-invalid={invalid}
            checked={chosen.includes(option.value ?? '')}
            onChange={(event) => choose(option.value ?? '', event.target.checked)}
          />
          <span>
            {option.text.text}
            {option.description === undefined ? null : <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
