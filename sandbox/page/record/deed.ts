import type { Provenance, Reference } from '@medplum/fhirtypes';
import { nameOf } from './changes.ts';

/** HL7's general words for what was done to a resource: less telling than any other coding beside them. */
const DATA_OPERATION = 'http://terminology.hl7.org/CodeSystem/v3-DataOperation';

/** What a Provenance says: the most specific verb, who did it, and the software that it went through. */
export interface Deed {
  readonly verb: string;
  readonly by: readonly (Reference | undefined)[];
  readonly through: readonly (Reference | undefined)[];
  readonly reason: string | undefined;
}

export function deedOf({ activity, agent, reason }: Provenance): Deed {
  const specific = activity?.coding?.find((coding) => coding.system !== DATA_OPERATION);
  const isSoftware = ({ type }: Provenance['agent'][number]) =>
    type?.coding?.some((coding) => coding.code === 'assembler') ?? false;
  return {
    verb: specific?.display ?? specific?.code ?? nameOf(activity) ?? 'changed',
    by: agent.filter((one) => !isSoftware(one)).map((one) => one.who),
    through: agent.filter(isSoftware).map((one) => one.who),
    reason: reason?.map(nameOf).join(', '),
  };
}
