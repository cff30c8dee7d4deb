import type { Change } from './changes.ts';

/** What a version changed: the element, what it was, and what it became. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
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
