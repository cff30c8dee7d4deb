import type { RecordOfTask } from '../data/fhir.ts';
import { nameOf } from './changes.ts';
import { Section } from './section.tsx';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

/** The conversation that the Task is about. It stays in the record: the card in the channel says none of it. */
export function Thread({ record: { thread, messages } }: { readonly record: RecordOfTask }) {
  const party = useParty();
  if (thread === undefined) return null;
  const topic = nameOf(thread.topic);
  return (
    <Section title="Thread" source="Communication">
      {topic === undefined ? null : <p className="quiet">{topic}</p>}
      <ol className="letters">
        {messages.map((message) => (
          <li key={message.id} className="letter">
            <p className="letter__head">
              <strong dir="auto">{party(message.sender) ?? 'Unknown sender'}</strong>
              <When instant={message.sent} />
            </p>
            <p className="letter__text" dir="auto">
              {message.payload?.map((payload) => payload.contentString ?? '').join('\n')}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
