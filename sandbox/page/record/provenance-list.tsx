import type { Provenance } from '@medplum/fhirtypes';
import { deedOf } from './deed.ts';
import { Section } from './section.tsx';
import { useParty } from './use-party.ts';
import { When } from './when.tsx';

/** Who did what, when and why: the Provenance of the Task, newest first. */
export function ProvenanceList({ provenance }: { readonly provenance: readonly Provenance[] }) {
  const party = useParty();
  return (
    <Section title="Provenance" source="Provenance?target=Task/…">
      {provenance.length === 0 ? <p className="quiet">No Provenance for this Task.</p> : null}
      <ol className="trail">
        {provenance.map((entry) => {
          const { verb, by, through, reason } = deedOf(entry);
          return (
            <li key={entry.id} data-testid="provenance-item">
              <p className="trail__line">
                <strong className="verb">{verb}</strong>
                <span>by</span>
                <span dir="auto">{by.map(party).join(', ')}</span>
                <When instant={entry.recorded} />
              </p>
              {reason === undefined ? null : <p className="trail__more">Reason: {reason}</p>}
              {through.length === 0 ? null : (
                <p className="trail__more">Through {through.map(party).join(', ')}</p>
              )}
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
