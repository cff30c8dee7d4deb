import { useNow } from '../data/now.ts';
import { clockTime, fullTime, withDay } from '../data/time.ts';
import { useCardLinks } from './card-links.ts';

interface MessageHeadProps {
  readonly name: string;
  readonly isApp: boolean;
  readonly posted: Date;
  readonly edited?: Date | undefined;
  /** The Task that the message is the card of. */
  readonly task?: string | undefined;
}

/** Who wrote a message, when, and whether it was edited; of a card also the way to its Task's record. */
export function MessageHead({ name, isApp, posted, edited, task }: MessageHeadProps) {
  const { selected, show } = useCardLinks();
  const now = useNow();
  return (
    <header className="message__head">
      <strong dir="auto">{name}</strong>
      {isApp ? <span className="tag">App</span> : null}
      <time dateTime={posted.toISOString()} title={fullTime(posted)}>
        {withDay(clockTime(posted), posted, now)}
      </time>
      {edited === undefined ? null : (
        <span className="message__edited" title={fullTime(edited)}>
          edited
        </span>
      )}
      {task === undefined ? null : (
        <button
          type="button"
          className="message__record message__record--whole"
          onClick={() => show(task, 'asked')}
        >
          {task === selected ? 'Record shown' : 'Show record'}
        </button>
      )}
    </header>
  );
}
