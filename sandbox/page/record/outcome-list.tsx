import { type Outcome, wordsOf } from './output.ts';
import { Section } from './section.tsx';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

interface OutcomesProps {
  readonly outcomes: readonly Outcome[];
  onPoint(message: string): void;
}

/** What the Task came to: the answer that completed it, and the way to it in the thread. */
export function Outcomes({ outcomes, onPoint }: OutcomesProps) {
  const party = useParty();
  if (outcomes.length === 0) return null;
  return (
    <Section title="Answer" source="Task.output">
      {outcomes.map(({ key, what, message, text }) => (
        <figure key={key} className="outcome" data-testid="record-output" data-message={message?.id}>
          <blockquote dir="auto">{message === undefined ? text : wordsOf(message)}</blockquote>
          <figcaption>
            <span>
              {what}
              {message === undefined ? null : (
                <>
                  {' by '}
                  <span dir="auto">{party(message.sender) ?? 'an unknown sender'}</span>
                </>
              )}
            </span>
            {message?.id === undefined ? null : (
              <button
                type="button"
                className="link"
                data-testid="output-link"
                onClick={() => onPoint(message.id ?? '')}
              >
                Show in the thread
              </button>
            )}
            <When instant={message?.sent} />
          </figcaption>
        </figure>
      ))}
    </Section>
  );
}
