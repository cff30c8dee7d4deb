import { Avatar } from '../stage/marks.tsx';
import { inOrder, roleOf } from './people.ts';
import { useWorkspace } from './workspace-context.ts';

interface ActAsProps {
  onChoose(user: string): void;
}

/** Who is acting, and the choice of somebody else: a card to look at, a native select to use. */
export function ActAs({ onChoose }: ActAsProps) {
  const { people, clinic, user } = useWorkspace();
  const ordered = inOrder(people);
  const groups = [
    { label: 'Care team', members: ordered.filter((p) => p.featured && p.obstacle === undefined) },
    {
      label: 'Something in their way',
      members: ordered.filter((p) => p.featured && p.obstacle !== undefined),
    },
    { label: 'Everyone else', members: ordered.filter((p) => !p.featured) },
  ];

  return (
    <div className="act-as">
      <Avatar name={user.name} />
      <span className="act-as__text" aria-hidden="true">
        <small>You act as</small>
        <span className="act-as__name" dir="auto">
          {user.name}
        </span>
      </span>
      <svg className="act-as__arrow" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
        <path d="M3.500 6l4.500 4.500L12.500 6" fill="none" stroke="currentColor" strokeWidth="1.600" />
      </svg>
      <select
        data-testid="act-as"
        aria-label="Act as"
        value={user.id}
        onChange={(event) => onChoose(event.target.value)}
      >
        {groups.map(({ label, members }) => (
          <optgroup key={label} label={label}>
            {members.map((person) => (
              <option key={person.id} value={person.id}>
                {[person.name, roleOf(person, clinic.pools)].filter((part) => part !== '').join(' — ')}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  );
}
