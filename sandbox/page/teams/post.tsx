import { cardOf, search, type TeamsMessage, type TeamsPlace } from '../data/teams.ts';
import { useCardLinks } from '../stage/card-links.ts';
import { Glow } from '../stage/glow.tsx';
import { AppMark, Avatar } from '../stage/marks.tsx';
import { MessageHead } from '../stage/message-head.tsx';
import { PrivateMark } from '../stage/private-mark.tsx';
import { Twin } from '../stage/twin.tsx';
import { taskNamedIn } from '../workspace/task-named.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { Card } from './card.tsx';
import { taskOfCard, taskOfData } from './card-task.ts';
import { MessageText } from './message-text.tsx';
import { Note } from './note.tsx';
import type { CardPress } from './render-card.ts';
import type { Presses } from './use-presses.ts';

interface PostProps {
  readonly message: TeamsMessage;
  readonly place: TeamsPlace;
  readonly presses: Presses;
}

/** A message: of the app with its card, of a person, or of the app to one person alone. */
export function Post({ message, place, presses }: PostProps) {
  const { user } = useWorkspace();
  const { selected, show } = useCardLinks();
  const { activityId, at, conversation, edited, from, root, text, to } = message;
  const card = cardOf(message);
  const task = card === undefined ? undefined : taskOfCard(card);
  const note = presses.noteAt(message);
  const isApp = from.user === undefined;

  const press = async (how: CardPress) => {
    // A button of a pool's, "Show all", is about no Task.
    const meant = taskNamedIn(taskOfData(how.data)) ?? task;
    if (meant !== undefined) show(meant, 'pressed');
    await presses.press(message, how);
  };

  return (
    <article
      className={classOf(message, user.id)}
      data-testid={testIdOf(message)}
      data-activity={activityId}
      data-entry={activityId}
      data-task={task}
      data-reply={root === activityId ? undefined : true}
      aria-current={task !== undefined && task === selected ? 'true' : undefined}
    >
      <Glow at={edited} />
      {isApp ? <AppMark /> : <Avatar name={from.name} />}
      <div className="message__main">
        {to === undefined ? null : <PrivateMark />}
        <MessageHead
          name={from.name}
          isApp={isApp}
          posted={new Date(at)}
          edited={edited === undefined ? undefined : new Date(edited)}
          task={task}
        />
        {text === '' ? null : <MessageText message={message} />}
        {card === undefined ? null : (
          <Card
            card={card}
            host={{
              press,
              search: async (dataset, typed) => {
                const asked = { user: user.id, conversation, activityId, dataset, text: typed };
                const { error, results } = await search(asked);
                if (error !== undefined) throw new Error(error);
                return results;
              },
            }}
          />
        )}
        {note === undefined ? null : <Note note={note} onDismiss={() => presses.dismiss(message)} />}
        {task === undefined ? null : <Twin platform="teams" task={task} channel={place.name} />}
      </div>
    </article>
  );
}

function classOf({ from, to }: TeamsMessage, user: string): string {
  const kinds = [to === undefined ? '' : 'message--ephemeral', from.user === user ? 'message--own' : ''];
  return ['message', ...kinds].filter((kind) => kind !== '').join(' ');
}

function testIdOf({ from, to }: TeamsMessage): string {
  if (from.user !== undefined) return 'teams-said';
  return to === undefined ? 'teams-message' : 'teams-note';
}
