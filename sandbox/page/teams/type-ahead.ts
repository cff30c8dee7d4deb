import { ChoiceSetInput } from 'adaptivecards';
import type { Choice } from '../data/teams.ts';
import { createCombobox } from './combobox.ts';

/** Asks the app for the choices of a dataset. */
export type Search = (dataset: string, text: string) => Promise<readonly Choice[]>;

/**
 * The card renderer's choice set, with a combobox in place of a filtered one: the renderer's own neither asks the app
 * nor tells the value of what it found.
 */
export function typeAheadWith(search: Search): new () => ChoiceSetInput {
  return class TypeAhead extends ChoiceSetInput {
    #combobox: ReturnType<typeof createCombobox> | undefined;

    protected override internalRender(): HTMLElement | undefined {
      if (this.style !== 'filtered' || this.isMultiSelect) return super.internalRender();
      const dataset = this.choicesData?.dataset;
      const choices = this.choices.flatMap(({ title, value }) =>
        title === undefined || value === undefined ? [] : [{ title, value }],
      );
      this.#combobox = createCombobox({
        choices,
        placeholder: this.placeholder ?? '',
        chosen: this.defaultValue,
        ...(dataset === undefined ? {} : { search: (text: string) => search(dataset, text) }),
        onChange: () => this.valueChanged(),
      });
      return this.#combobox.input;
    }

    protected override overrideInternalRender(): HTMLElement | undefined {
      const rendered = super.overrideInternalRender();
      if (this.#combobox !== undefined) this.inputControlContainerElement.append(this.#combobox.list);
      return rendered;
    }

    override isSet(): boolean {
      return this.#combobox === undefined ? super.isSet() : this.value !== undefined;
    }

    override isValid(): boolean {
      return this.#combobox?.isSettled() ?? super.isValid();
    }

    override validateValue(): boolean {
      const valid = super.validateValue();
      this.#combobox?.input.setAttribute('aria-invalid', String(!valid));
      return valid;
    }

    override get value(): string | undefined {
      return this.#combobox === undefined ? super.value : this.#combobox.value();
    }
  };
}
