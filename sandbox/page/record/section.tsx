import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** What the section is read from, as a FHIR reader would write it. */
  readonly source: string;
  readonly children: ReactNode;
  readonly aside?: ReactNode;
}

/** One part of the record under its own heading. */
export function Section({ title, source, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section className="record__section" aria-labelledby={id}>
      <header>
        <h3 id={id}>{title}</h3>
        {aside ?? <code className="source">{source}</code>}
      </header>
      {children}
    </section>
  );
}
