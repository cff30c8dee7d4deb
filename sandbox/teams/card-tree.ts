import { asDict, asDicts, asText, type Dict, isDict } from '../dict.ts';

/** An action of a card with the inputs whose values go with it. */
export interface PlacedAction {
  readonly action: Dict;
  readonly inputs: readonly Dict[];
  /** What the ActionSet around it falls back to in a client that does not know it. */
  readonly setFallback?: Dict;
}

/** Every action of a card but ShowCard, which leads to those of its card. */
export function actionsOf(card: Dict, outer: readonly Dict[] = []): PlacedAction[] {
  const inputs = [...outer, ...inputsOf(card.body)];
  const alone = [...asDicts(card.actions), ...loneActions([card, ...elementsIn(card.body)])];
  return [...alone.flatMap((action) => placed(action, inputs)), ...inSets(card.body, inputs)];
}

/** The inputs in these elements, not those of a ShowCard, which are another card's. */
export function inputsOf(elements: unknown): Dict[] {
  return elementsIn(elements).filter(({ type }) => asText(type)?.startsWith('Input.'));
}

/**
 * An Action.Execute by its verb, or an Action.Submit by its id, its title, or the verb in its data.
 *
 * @param own what its data must hold besides, where several have that verb.
 */
export function findAction(card: Dict, verb: string, own: Dict = {}): PlacedAction | undefined {
  const all = actionsOf(card).filter(({ action }) => holds(action, own));
  return (
    all.find(({ action }) => action.type === 'Action.Execute' && action.verb === verb) ??
    all.find(({ action }) => isSubmit(action, verb))
  );
}

/** What an old client shows in place of the Action.Execute with this verb. */
export function findFallback(card: Dict, verb: string, own: Dict = {}): PlacedAction | undefined {
  for (const one of actionsOf(card)) {
    const { action, inputs, setFallback } = one;
    if (!holds(action, own)) continue;
    if (isSubmit(action, verb)) return one;
    if (action.type !== 'Action.Execute' || action.verb !== verb) continue;
    if (asDict(action.fallback).type === 'Action.Submit') return { action: asDict(action.fallback), inputs };
    const titled = asDicts(setFallback?.actions).find(
      (other) => other.type === 'Action.Submit' && (isSubmit(other, verb) || other.title === action.title),
    );
    if (titled) return { action: titled, inputs };
  }
  return undefined;
}

function holds(action: Dict, own: Dict): boolean {
  const data = asDict(action.data);
  return Object.entries(own).every(([name, value]) => data[name] === value);
}

function isSubmit(action: Dict, verb: string): boolean {
  const names = [action.id, action.title, asDict(action.data).verb];
  return action.type === 'Action.Submit' && names.includes(verb);
}

function placed(action: Dict, inputs: readonly Dict[], setFallback?: Dict): PlacedAction[] {
  if (action.type === 'Action.ShowCard') return actionsOf(asDict(action.card), inputs);
  const own = action.associatedInputs === 'none' ? [] : inputs;
  return [{ action, inputs: own, ...(setFallback ? { setFallback } : {}) }];
}

function inSets(elements: unknown, inputs: readonly Dict[]): PlacedAction[] {
  return elementsIn(elements)
    .filter(({ type }) => type === 'ActionSet')
    .flatMap((set) => {
      const fallback = isDict(set.fallback) ? set.fallback : undefined;
      return asDicts(set.actions).flatMap((action) => placed(action, inputs, fallback));
    });
}

/** Actions that stand on an element by themselves. */
function loneActions(elements: readonly Dict[]): Dict[] {
  return elements.flatMap(({ selectAction, inlineAction }) => [selectAction, inlineAction].filter(isDict));
}

/** The elements, and those in their containers, columns, rows and cells. */
function elementsIn(elements: unknown): Dict[] {
  return asDicts(elements).flatMap((element) => [
    element,
    ...['items', 'columns', 'rows', 'cells'].flatMap((place) => elementsIn(element[place])),
  ]);
}
