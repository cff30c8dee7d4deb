/*
 * The parts of the Adaptive Card schema that we draw, as literal types: the compiler checks what we build.
 * https://adaptivecards.io/explorer
 */

export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly $schema: string;
  readonly version: '1.5';
  readonly fallbackText: string;
  readonly msteams: { readonly width: 'Full' };
  readonly body: readonly CardElement[];
}

/** A card inside a card, shown when its action is pressed. */
export interface InnerCard {
  readonly type: 'AdaptiveCard';
  readonly body: readonly CardElement[];
}

export type CardElement =
  | {
      readonly type: 'TextBlock';
      readonly text: string;
      readonly wrap: true;
      readonly size?: 'Small' | 'Medium' | 'Large';
      readonly weight?: 'Bolder';
      readonly isSubtle?: boolean;
      readonly separator?: boolean;
      readonly style?: 'heading';
    }
  | {
      readonly type: 'FactSet';
      readonly facts: readonly { readonly title: string; readonly value: string }[];
    }
  | { readonly type: 'ActionSet'; readonly actions: readonly CardAction[] }
  | ChoiceSet
  | TextInput;

interface Input {
  readonly id: string;
  readonly label: string;
  readonly isRequired: boolean;
  readonly errorMessage: string;
  readonly placeholder: string;
  /** What stands in it at the beginning. */
  readonly value?: string;
}

export interface ChoiceSet extends Input {
  readonly type: 'Input.ChoiceSet';
  readonly style: 'compact' | 'filtered';
  readonly choices: readonly { readonly title: string; readonly value: string }[];
  readonly 'choices.data'?: { readonly type: 'Data.Query'; readonly dataset: string };
}

export interface TextInput extends Input {
  readonly type: 'Input.Text';
  readonly isMultiline: true;
  readonly maxLength?: number;
}

interface Look {
  readonly title: string;
  readonly style?: 'positive' | 'destructive';
  readonly mode?: 'primary' | 'secondary';
}

export interface SubmitAction extends Look {
  readonly type: 'Action.Submit';
  readonly data: Readonly<Record<string, string>>;
}

export type CardAction =
  | (Look & {
      readonly type: 'Action.Execute';
      readonly verb: string;
      readonly data: Readonly<Record<string, string>>;
      readonly fallback: SubmitAction;
    })
  | SubmitAction
  | (Look & { readonly type: 'Action.ShowCard'; readonly card: InnerCard });
