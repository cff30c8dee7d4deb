import {
  type Action,
  AdaptiveCard,
  CardObjectRegistry,
  ExecuteAction,
  GlobalRegistry,
  GlobalSettings,
  OpenUrlAction,
  SerializationContext,
  Strings,
  SubmitActionBase,
  Versions,
} from 'adaptivecards';
import type { Dict } from '../data/teams.ts';
import { hostConfig } from './host-config.ts';
import { markdownToHtml } from './markdown.ts';
import { type Search, typeAheadWith } from './type-ahead.ts';

/** A press on one of a card's buttons, its inputs filled in as the card wants them. */
export interface CardPress {
  readonly verb: string;
  /** By input id; what is empty is not there. */
  readonly inputs: Dict;
  /** The action's own data and the inputs. */
  readonly data: Dict;
  /** Whether the verb alone does not say which of the card's buttons it was. */
  readonly ambiguous: boolean;
}

export interface CardHost {
  readonly search: Search;
  press(press: CardPress): Promise<void>;
}

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdownToHtml(text);
  result.didProcess = true;
};
Strings.defaults.overflowButtonText = () => '···';
// It would turn "===" in a text into a tag.
GlobalSettings.allowMarkForTextHighlighting = false;

const LOCALE = 'en-GB';

/** Draws a card with Microsoft's own renderer; undefined for what it cannot draw. */
export function renderCard(json: Dict, host: CardHost): HTMLElement | undefined {
  const elements = new CardObjectRegistry<NonNullable<ReturnType<AdaptiveCard['getItemAt']>>>();
  GlobalRegistry.populateWithDefaultElements(elements);
  elements.register('Input.ChoiceSet', typeAheadWith(host.search));

  const card = new AdaptiveCard();
  card.hostConfig = hostConfig;
  card.onInlineCardExpanded = ({ card: inner }, expanded) => {
    if (expanded) inner.renderedElement?.scrollIntoView({ block: 'nearest' });
  };
  card.onExecuteAction = (action) => void execute(card, action, host);
  // Teams knows choices.data, which is of 1.6, in the cards of 1.5 too.
  const context = new SerializationContext(Versions.v1_6);
  context.setElementRegistry(elements);
  card.parse(json, context);
  card.lang ??= LOCALE;
  return card.render();
}

async function execute(card: AdaptiveCard, action: Action, host: CardHost): Promise<void> {
  if (action instanceof OpenUrlAction && action.url !== undefined)
    return void window.open(action.url, '_blank', 'noreferrer');
  if (!(action instanceof SubmitActionBase)) return;
  const button = action.renderedElement;
  if (button?.getAttribute('aria-busy') === 'true') return;
  button?.setAttribute('aria-busy', 'true');
  await host.press(pressOf(card, action));
  button?.removeAttribute('aria-busy');
}

function pressOf(card: AdaptiveCard, action: SubmitActionBase): CardPress {
  const filled = Object.entries(action.getReferencedInputs() ?? {}).filter(([, input]) => input.isSet());
  const data: Dict = { ...action.data };
  const verb = verbOf(action);
  const namesakes = card.getAllActions().filter((other) => other instanceof SubmitActionBase);
  return {
    verb,
    inputs: Object.fromEntries(filled.map(([id, input]) => [id, String(input.value)])),
    data,
    ambiguous: namesakes.filter((other) => verbOf(other) === verb).length > 1,
  };
}

function verbOf(action: SubmitActionBase): string {
  if (action instanceof ExecuteAction) return action.verb;
  const { verb }: Dict = { ...action.data };
  return typeof verb === 'string' ? verb : (action.id ?? action.title ?? '');
}
