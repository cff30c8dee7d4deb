import type { Reference } from '@medplum/fhirtypes';
import { useEffect, useRef } from 'react';
import type { Conversation } from '../data/fhir.ts';
import { nameOf } from './changes.ts';
import { wordsOf } from './output.ts';
import { Replies } from './replies.tsx';
import { Section } from './section.tsx';
import { type Bubble, talkOf } from './talk.ts';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

/** A message that was asked to be looked at, for the `turn`th time. */
export interface Pointed {
  readonly message: string;
  readonly turn: number;
}

interface ThreadProps {
  readonly conversation: Conversation;
  /** Ids of the messages that a Task has as its output. */
  readonly answers: readonly string[];
  readonly owner: Reference | undefined;
  readonly pointed: Pointed | undefined;
  /** The patient has written more. */
  onFollowUp(): void;
}

/** The conversation that the Task is about. It stays in the record: the card in the channel says none of it. */
export function Thread({ conversation, answers, owner, pointed, onFollowUp }: ThreadProps) {
  const { thread, messages } = conversation;
  const box = useRef<HTMLOListElement>(null);

  useEffect(() => {
    if (pointed === undefined) return;
    const bubble = box.current?.querySelector(`[data-message="${CSS.escape(pointed.message)}"]`);
    bubble?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  }, [pointed]);

  if (thread === undefined) return null;
  const topic = nameOf(thread.topic);
  return (
    <Section title="Thread" source="Communication">
      {topic === undefined ? null : <p className="quiet">{topic}</p>}
      <ol className="talk" ref={box}>
        {talkOf(messages, thread.subject).map((bubble) => (
          <Said
            key={bubble.message.id}
            bubble={bubble}
            isAnswer={answers.includes(bubble.message.id ?? '')}
            pointed={bubble.message.id === pointed?.message ? pointed : undefined}
          />
        ))}
      </ol>
      <Replies key={thread.id} thread={thread} owner={owner} onFollowUp={onFollowUp} />
    </Section>
  );
}

interface SaidProps {
  readonly bubble: Bubble;
  readonly isAnswer: boolean;
  readonly pointed: Pointed | undefined;
}

function Said({ bubble: { message, side, goesOn }, isAnswer, pointed }: SaidProps) {
  const party = useParty();
  return (
    <li
      className={`said said--${side}${goesOn ? ' said--on' : ''}`}
      data-testid="thread-message"
      data-side={side}
      data-message={message.id}
    >
      {goesOn ? null : (
        <p className="said__head">
          <strong dir="auto">{party(message.sender) ?? 'Unknown sender'}</strong>
          <When instant={message.sent} />
        </p>
      )}
      <div className="said__bubble">
        {pointed === undefined ? null : <span key={pointed.turn} className="glow" aria-hidden="true" />}
        <p className="said__text" dir="auto">
          {wordsOf(message)}
        </p>
      </div>
      {isAnswer ? <p className="said__mark">The answer to the Task</p> : null}
    </li>
  );
}
