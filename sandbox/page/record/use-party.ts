import type { Reference } from '@medplum/fhirtypes';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Names a party that a resource refers to: by its display, else from the people and patients that the page knows. */
export function useParty(): (reference: Reference | undefined) => string | undefined {
  const { people, clinic } = useWorkspace();
  return (reference) => {
    if (reference === undefined) return undefined;
    const { display, reference: target } = reference;
    if (display !== undefined || target === undefined) return display;
    const id = target.split('/').at(-1);
    return (
      people.find(({ practitioner }) => practitioner?.split('/').at(-1) === id)?.name ??
      clinic.patients.find((patient) => patient.id.split('/').at(-1) === id)?.name ??
      target
    );
  };
}
