import type { Task } from '@medplum/fhirtypes';
import { type Change, changesBetween } from './changes.ts';
import { Section } from './section.tsx';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

interface VersionsProps {
  /** Newest first, as `_history` gives them. */
  readonly versions: readonly Task[];
  readonly shown: string | undefined;
  onShow(versionId: string): void;
}

/** Each version of the Task, with what it changed in words; a press shows it as the resource. */
export function Versions({ versions, shown, onShow }: VersionsProps) {
  const party = useParty();
  return (
    <Section title="Versions" source="Task/…/_history">
      <ol className="trail">
        {versions.map((task, i) => {
          const before = versions[i + 1];
          const id = task.meta?.versionId ?? '';
          const author = party(task.meta?.author);
          return (
            <li key={id} data-testid="version-item">
              <p className="trail__line">
                <button
                  type="button"
                  className="link"
                  aria-pressed={shown === undefined ? i === 0 : shown === id}
                  onClick={() => onShow(id)}
                >
                  Version {versions.length - i}
                </button>
                {author === undefined ? null : (
                  <span className="quiet" dir="auto">
                    {author}
                  </span>
                )}
                <When instant={task.meta?.lastUpdated} />
              </p>
              {before === undefined ? (
                <p className="trail__more">Created</p>
              ) : (
                <Changes changes={changesBetween(before, task)} />
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}

function Changes({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return <p className="trail__more">Nothing but its version</p>;
  return (
    <ul className="changes">
      {changes.map(({ what, from, to }) => (
        <li key={`${what} ${to}`}>
          <span className="changes__what">{what}</span>
          <span>
            {from === undefined ? null : (
              <>
                <span className="changes__from" dir="auto">
                  {from}
                </span>
                <span className="visually-hidden"> became </span>
                <span className="changes__arrow" aria-hidden="true">
                  {' → '}
                </span>
              </>
            )}
            <span className="changes__to" dir="auto">
              {to}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
