import type { Choice } from '../data/teams.ts';

const TYPING_PAUSE_MS = 150;

interface ComboboxOptions {
  /** Offered before anything is typed. */
  readonly choices: readonly Choice[];
  readonly placeholder: string;
  /** The value that it begins with. */
  readonly chosen: string | undefined;
  /** Absent where typing only filters `choices`. */
  search?(text: string): Promise<readonly Choice[]>;
  onChange(): void;
}

interface Combobox {
  readonly input: HTMLInputElement;
  readonly list: HTMLElement;
  value(): string | undefined;
  /** Whether it is empty, or one of the choices is picked. */
  isSettled(): boolean;
}

let made = 0;

/** A text field with a list of choices below it, made by hand because the card renderer wants elements. */
export function createCombobox({
  choices,
  placeholder,
  chosen,
  search,
  onChange,
}: ComboboxOptions): Combobox {
  made += 1;
  const listId = `choices-${made}`;
  const input = document.createElement('input');
  const list = document.createElement('div');
  let offered = choices;
  let picked = choices.find(({ value }) => value === chosen);
  let active = 0;
  let asked = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  input.type = 'text';
  input.className = 'ac-input ac-textInput';
  input.autocomplete = 'off';
  input.dir = 'auto';
  input.placeholder = placeholder;
  input.value = picked?.title ?? '';
  for (const [name, value] of Object.entries({
    role: 'combobox',
    'aria-autocomplete': 'list',
    'aria-controls': listId,
  }))
    input.setAttribute(name, value);
  list.id = listId;
  list.className = 'suggest__list card-choices';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', placeholder);

  const isOpen = () => !list.hidden;
  const show = (open: boolean) => {
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    mark();
  };

  /** Says which option the arrow keys have reached. */
  const mark = () => {
    const options = [...list.querySelectorAll<HTMLElement>('[role="option"]')];
    for (const [i, option] of options.entries()) option.setAttribute('aria-selected', String(i === active));
    const at = options[active];
    if (isOpen() && at !== undefined) input.setAttribute('aria-activedescendant', at.id);
    else input.removeAttribute('aria-activedescendant');
    if (isOpen()) at?.scrollIntoView({ block: 'nearest' });
  };

  const pick = (choice: Choice) => {
    picked = choice;
    input.value = choice.title;
    show(false);
    onChange();
  };

  const offer = (next: readonly Choice[], none = 'Nothing matches.') => {
    offered = next;
    active = 0;
    list.replaceChildren(...(next.length > 0 ? next.map(optionFor) : [said(none)]));
    mark();
  };

  const optionFor = (choice: Choice, i: number): HTMLElement => {
    const option = document.createElement('div');
    option.id = `${listId}-${i}`;
    option.className = 'suggest__option';
    option.setAttribute('role', 'option');
    option.dir = 'auto';
    option.textContent = choice.title;
    // Before the input loses the focus, which closes the list.
    option.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      pick(choice);
    });
    option.addEventListener('pointerenter', () => {
      active = i;
      mark();
    });
    return option;
  };

  const look = (text: string) => {
    asked += 1;
    const mine = asked;
    clearTimeout(timer);
    if (text === '') return offer(choices);
    offer(matching(choices, text), search === undefined ? undefined : 'Looking…');
    if (search === undefined) return;
    timer = setTimeout(async () => {
      const answer = await search(text).catch(() => undefined);
      if (mine !== asked) return;
      if (answer === undefined) offer([], 'Switchboard did not answer. Type on to ask again.');
      else offer(answer);
    }, TYPING_PAUSE_MS);
  };

  input.addEventListener('input', () => {
    picked = offered.find(({ title }) => title.toLowerCase() === input.value.trim().toLowerCase());
    show(true);
    look(input.value.trim());
    onChange();
  });
  input.addEventListener('click', () => {
    if (isOpen()) return;
    look(picked === undefined ? input.value.trim() : '');
    show(true);
  });
  input.addEventListener('blur', () => show(false));
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = offered[active];
    if (step !== undefined) {
      event.preventDefault();
      if (isOpen() && offered.length > 0) active = (active + step + offered.length) % offered.length;
      show(true);
    } else if (event.key === 'Enter' && isOpen()) {
      event.preventDefault();
      if (choice !== undefined) pick(choice);
    } else if (event.key === 'Escape' && isOpen()) {
      event.stopPropagation();
      show(false);
    }
  });

  offer(choices);
  show(false);
  return {
    input,
    list,
    value: () => picked?.value,
    isSettled: () => picked !== undefined || input.value.trim() === '',
  };
}

const matching = (choices: readonly Choice[], text: string): readonly Choice[] =>
  choices.filter(({ title }) => title.toLowerCase().includes(text.toLowerCase()));

function said(sentence: string): HTMLElement {
  const line = document.createElement('p');
  line.className = 'suggest__none';
  line.textContent = sentence;
  return line;
}
