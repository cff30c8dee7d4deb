import { MENU } from './blocks.ts';

/** What a press on a card means. */
export type Press =
  | { readonly kind: 'press'; readonly verb: string; readonly taskId: string; readonly fromCard: boolean }
  | { readonly kind: 'unsupported'; readonly reason: string };

/** The parts of Slack's `block_actions` payload that matter. */
export interface PressBody {
  readonly actions: readonly {
    readonly action_id: string;
    readonly value?: string;
    readonly selected_option?: { readonly value?: string } | null;
  }[];
  readonly container?: { readonly is_ephemeral?: boolean; readonly type?: string } & Record<string, unknown>;
}

/** Reads a press: a button carries its verb as action id and the Task as value, the menu both in the chosen option. */
export function parsePress(body: PressBody): Press {
  const [action] = body.actions;
  if (action === undefined) return { kind: 'unsupported', reason: 'no action' };
  const fromCard = body.container?.is_ephemeral !== true;
  if (action.action_id === MENU) {
    const [, verb, taskId] = /^([a-z-]+):(.+)$/.exec(action.selected_option?.value ?? '') ?? [];
    return verb && taskId
      ? { kind: 'press', verb, taskId, fromCard }
      : { kind: 'unsupported', reason: 'empty choice' };
  }
  if (!action.value) return { kind: 'unsupported', reason: `no value for ${action.action_id}` };
  return { kind: 'press', verb: action.action_id, taskId: action.value, fromCard };
}

/** Who pressed: the person's own workspace counts, which in a shared channel is not the channel's. */
export function parseUser(body: {
  readonly user: { readonly id: string; readonly team_id?: string };
  readonly team?: { readonly id: string } | null;
}): { platform: string; tenant: string; id: string } {
  return { platform: 'slack', tenant: body.user.team_id ?? body.team?.id ?? '', id: body.user.id };
}
