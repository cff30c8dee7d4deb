import type { Question } from '../../src/index.ts';
import { isMenu } from './blocks.ts';
import { TURN } from './listing.ts';
import { readQuestion } from './questions.ts';

/** What a press means. */
export type Press =
  | { readonly kind: 'press'; readonly word: string; readonly taskId: string }
  | { readonly kind: 'turn'; readonly question: Question }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** The parts of Slack's `block_actions` payload that matter. */
export interface PressBody {
  readonly actions: readonly {
    readonly action_id: string;
    readonly block_id?: string;
    readonly value?: string;
    readonly selected_option?: { readonly value?: string } | null;
  }[];
  readonly container?: {
    readonly is_ephemeral?: boolean;
    readonly type?: string;
    readonly message_ts?: string;
    readonly app_unfurl_url?: string;
  };
  readonly view?: { readonly id: string; readonly type: string };
  readonly channel?: { readonly id?: string };
  readonly response_url?: string;
  readonly trigger_id?: string;
}

/**
 * Reads a press: a button carries its word as action id and the Task as value, the menu both in the chosen option, and
 * the button that turns a listing the question to ask.
 */
export function parsePress(body: PressBody): Press {
  const [action] = body.actions;
  if (action === undefined) return unsupported('no action');
  if (isMenu(action.action_id)) {
    const [, word, taskId] = /^([a-z-]+):(.+)$/.exec(action.selected_option?.value ?? '') ?? [];
    return word && taskId ? { kind: 'press', word, taskId } : unsupported('empty choice');
  }
  if (action.action_id === TURN) {
    const question = readQuestion(action.value ?? '');
    return question ? { kind: 'turn', question } : unsupported('no question to turn to');
  }
  if (!action.value) return unsupported(`no value for ${action.action_id}`);
  return { kind: 'press', word: action.action_id, taskId: action.value };
}

/** Who pressed: the person's own workspace counts, which in a shared channel is not the channel's. */
export function parseUser(body: {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team?: { readonly id: string } | null;
}): { platform: string; tenant: string; id: string } {
  return { platform: 'slack', tenant: body.user.team_id ?? body.team?.id ?? '', id: body.user.id };
}

function unsupported(reason: string): Press {
  return { kind: 'unsupported', reason };
}
