import { ControlError } from '../control-error.ts';
import type { Deliveries } from './deliver.ts';
import { installationActivity, membersActivity, type Place } from './payloads.ts';
import { actor, placeOf } from './sight.ts';
import { installationOf, type State, TEAM } from './state.ts';
import type { Reply, TeamsPerson } from './types.ts';

/** Where the app is installed: for one person, or in the team, whichever of its channels is named. */
export interface Installation {
  readonly conversation?: string;
  readonly user?: string;
}

/** The answers to both activities; one that failed stands in front. */
export interface InstallationAnswer extends Reply {
  readonly replies: readonly Reply[];
}

/** The app comes: it may post from now on, and is told so. Being told twice is no harm. */
export async function install(state: State, deliveries: Deliveries, where: Installation) {
  const { person, place } = target(state, where);
  state.left.delete(installationOf(place.conversation));
  return tell(deliveries, [
    membersActivity(state, person, place, 'membersAdded'),
    installationActivity(state, person, place, 'add'),
  ]);
}

/** The app goes: the connector refuses it there from now on. */
export async function uninstall(state: State, deliveries: Deliveries, where: Installation) {
  const { person, place } = target(state, where);
  state.left.add(installationOf(place.conversation));
  return tell(deliveries, [
    membersActivity(state, person, place, 'membersRemoved'),
    installationActivity(state, person, place, 'remove'),
  ]);
}

async function tell(
  deliveries: Deliveries,
  activities: readonly Parameters<Deliveries['deliver']>[0][],
): Promise<InstallationAnswer> {
  const replies: Reply[] = [];
  for (const activity of activities) replies.push(await deliveries.deliver(activity));
  const worst = replies.find(({ error }) => error !== undefined) ?? replies[0];
  return { ...(worst ?? { status: 0, body: '' }), replies };
}

function target(state: State, where: Installation): { person: TeamsPerson; place: Place } {
  const chat = state.conversations.get(where.conversation ?? '');
  const key = where.user ?? (chat?.kind === 'personal' ? chat.user : undefined);
  const [first] = state.people.values();
  const person = key === undefined ? first : actor(state, key);
  if (!person) throw new ControlError(404, 'There is nobody who could install the app.');
  const wanted = where.conversation ?? (where.user === undefined ? TEAM.id : 'personal');
  const { conversation } = placeOf(state, person, wanted);
  // A team has the app as a whole, and says so in its General channel.
  return { person, place: placeOf(state, person, conversation.kind === 'channel' ? TEAM.id : wanted) };
}
