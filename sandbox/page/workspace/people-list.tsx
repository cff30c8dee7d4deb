import { useState } from 'react';
import { Avatar } from '../stage/marks.tsx';
import { inOrder, matching, roleOf } from './people.ts';
import { useWorkspace } from './workspace-context.ts';

interface PeopleListProps {
  onChoose(user: string): void;
}

/** Everyone one can act as; the featured ones, until a search asks for others. */
export function PeopleList({ onChoose }: PeopleListProps) {
  const { people, clinic, user } = useWorkspace();
  const [text, setText] = useState('');
  const ordered = inOrder(people);
  const shown =
    text.trim() === ''
      ? ordered.filter((person) => person.featured || person.id === user.id)
      : matching(ordered, clinic.pools, text);

  return (
    <section className="people" aria-label="People to act as">
      <h2 className="side-title">Act as</h2>
      <input
        type="search"
        className="input input--small"
        aria-label="Find a person"
        placeholder={`Find among ${people.length} people`}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul>
        {shown.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className={`people__row${person.obstacle === undefined ? '' : ' people__row--obstacle'}`}
              aria-pressed={person.id === user.id}
              onClick={() => onChoose(person.id)}
            >
              <Avatar name={person.name} />
              <span className="people__text">
                <span dir="auto">{person.name}</span>
                <small>{roleOf(person, clinic.pools)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? <p className="quiet">Nobody matches.</p> : null}
    </section>
  );
}
