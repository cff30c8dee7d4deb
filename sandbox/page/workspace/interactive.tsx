import type { Element } from '../data/blocks.ts';
import { optionsOf } from '../data/blocks.ts';
import { Overflow } from './overflow.tsx';
import type { Pressing } from './use-press.ts';

interface InteractiveProps {
  readonly element: Element;
  readonly pressing: Pressing;
}

/** An element that acts as soon as it is used: a button, an overflow menu, a select in a message. */
export function Interactive({ element, pressing }: InteractiveProps) {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return <Button element={element} pressing={pressing} />;
    case 'overflow':
      return <Overflow element={element} pressing={pressing} />;
    case 'static_select':
      return <Select element={element} pressing={pressing} />;
    default:
      return <span className="undrawn">“{element.type}” cannot be used on this page</span>;
  }
}

function Button({ element, pressing }: InteractiveProps) {
  return (
    <button
      type="button"
      className={`button button--${element.style ?? 'plain'}`}
      aria-label={element.accessibility_label}
      aria-busy={pressing.isBusy(element)}
      onClick={() => {
        if (element.url !== undefined) window.open(element.url, '_blank', 'noreferrer');
        pressing.press(element, element.value);
      }}
    >
      {element.text?.text}
    </button>
  );
}

function Select({ element, pressing }: InteractiveProps) {
  return (
    <select
      className="select"
      aria-label={element.placeholder?.text ?? 'Choose'}
      value={element.initial_option?.value ?? ''}
      onChange={(event) => pressing.press(element, event.target.value)}
    >
      <option value="" disabled>
        {element.placeholder?.text ?? 'Choose'}
      </option>
      {optionsOf(element).map((option) => (
        <option key={option.value} value={option.value}>
          {option.text.text}
        </option>
      ))}
    </select>
  );
}
