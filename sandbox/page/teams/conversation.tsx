import { useLive } from '../data/live.ts';
import type { TeamsConversations } from '../data/sources.ts';
import { loadTargeted, type TeamsMessage, type TeamsPlace } from '../data/teams.ts';
import { Announcer } from '../stage/announcer.tsx';
import { useCardLinks } from '../stage/card-links.ts';
import { EmptyChannel } from '../stage/empty-channel.tsx';
import { PlatformName } from '../stage/marks.tsx';
import { poolNamed, teamsTitleOf } from '../stage/places.ts';
import { useScroll } from '../stage/use-scroll.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { Composer } from './composer.tsx';
import { EmptyChat } from './empty-chat.tsx';
import { Post } from './post.tsx';
import { newestIn, threadsOf } from './threads.ts';
import type { Presses } from './use-presses.ts';

interface ConversationProps {
  readonly conversations: TeamsConversations;
  readonly place: TeamsPlace;
  readonly presses: Presses;
  onWrite(): void;
}

/** A channel of the team or the chat with the app, as the acting person sees it, and the composer. */
export function Conversation({ conversations, place, presses, onWrite }: ConversationProps) {
  const { clinic, user } = useWorkspace();
  const { revealed } = useCardLinks();
  const targeted = useLive(
    `targeted ${user.id}`,
    () => loadTargeted(user.id),
    (event) => event.kind === 'teams' && event.what === 'targeted' && (event.user ?? user.id) === user.id,
  );
  const threads = threadsOf(place.id, conversations.messages.get(place.id) ?? [], targeted.value ?? []);
  const newest = newestIn(threads);
  const box = useScroll(newest?.activityId, revealed);
  const title = teamsTitleOf(place);
  const pool = poolNamed(place.name, clinic.pools);

  return (
    <div
      className={`conversation conversation--teams conversation--${place.kind}`}
      id="conversation"
      tabIndex={-1}
    >
      <section className="channel" aria-label={`${title}, Teams`}>
        <header className="channel__head">
          <PlatformName platform="teams" />
          <h2>{title}</h2>
          <p>{pool === undefined ? about(place) : `Where messages for the pool “${pool.name}” arrive`}</p>
        </header>
        <div className="channel__messages" ref={box}>
          {threads.map(({ root, messages }) => (
            <div className="thread" key={root}>
              {messages.map((message) => (
                <Post
                  key={`${user.id} ${message.activityId}`}
                  message={message}
                  place={place}
                  presses={presses}
                />
              ))}
            </div>
          ))}
          {conversations.loaded && threads.length === 0 ? (
            <Empty place={place} hasPool={pool !== undefined} onWrite={onWrite} />
          ) : null}
        </div>
      </section>
      <Composer key={place.kind} place={place} />
      <Announcer place={place.id} newest={newest && saidBy(newest, title)} />
    </div>
  );
}

function Empty({ place, hasPool, onWrite }: { place: TeamsPlace; hasPool: boolean; onWrite(): void }) {
  return hasPool ? <EmptyChannel onWrite={onWrite} /> : <EmptyChat personal={place.kind === 'personal'} />;
}

const about = ({ kind }: TeamsPlace): string =>
  kind === 'personal' ? 'Between you and the app' : 'The whole team';

function saidBy({ activityId, to, summary, text }: TeamsMessage, title: string) {
  const where = to === undefined ? `New in ${title}` : 'Only visible to you';
  return { at: Number(activityId), said: `${where}: ${summary ?? text}` };
}
