import { SLACKS_OWN } from '../../adapters/slack/commands.ts';
import { ControlError } from '../control-error.ts';
import { asText, type Dict, isDict } from '../dict.ts';
import type { Deliveries } from './deliver.ts';
import { SlackError } from './errors.ts';
import { botMessage, checkedContent, putEphemeral, putMessage } from './messages.ts';
import { teamOf } from './methods-users.ts';
import { channelPart } from './payloads.ts';
import { actor } from './persons.ts';
import { APP, newResponseUrl, newTrigger, type State, team, VERIFICATION_TOKEN } from './state.ts';
import type { Reply } from './types.ts';

export interface SlashCommand {
  readonly user: string;
  readonly channel: string;
  /** With its slash: `/switchboard`. */
  readonly command: string;
  readonly text?: string;
}

export interface SlashAnswer extends Reply {
  readonly trigger_id: string;
}

/** Somebody types a slash command. https://docs.slack.dev/interactivity/implementing-slash-commands */
export async function slash(state: State, deliveries: Deliveries, how: SlashCommand): Promise<SlashAnswer> {
  const who = actor(state, how.user);
  const channel = state.channels.get(how.channel);
  if (!channel) throw new ControlError(404, `There is no channel ${how.channel}.`);
  if (!how.command.startsWith('/')) throw new ControlError(400, 'A slash command starts with a slash.');
  if (SLACKS_OWN.has(how.command.slice(1).toLowerCase()))
    throw new ControlError(400, `${how.command} is Slack’s own; the application does not hear of it.`);
  const trigger_id = newTrigger(state, how.user);
  const reply = await deliveries.deliver('slash_commands', {
    token: VERIFICATION_TOKEN,
    team_id: teamOf(who),
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channelPart(channel).name,
    user_id: who.id,
    user_name: who.name,
    command: how.command,
    text: how.text ?? '',
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(state, { channel: channel.id, user: who.id }),
    trigger_id,
  });
  if (reply.error) return { ...reply, trigger_id };
  return { ...reply, ...show(state, channel.id, who.id, reply.body), trigger_id };
}

/** An answer with content is shown to the person, or to the channel when it says so. */
function show(state: State, channel: string, user: string, body: unknown): { error?: string } {
  const said: Dict = isDict(body) ? body : { text: body };
  if (body === '' || Object.keys(said).length === 0) return {};
  try {
    const content = checkedContent(asText(said.text), said.blocks);
    if (said.response_type === 'in_channel') putMessage(state, botMessage(state, channel, content));
    else putEphemeral(state, { channel, user, ...content });
    return {};
  } catch (error) {
    if (error instanceof SlackError) return { error: 'invalid_command_response' };
    throw error;
  }
}
