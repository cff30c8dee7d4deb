import type { Provenance } from '@medplum/fhirtypes';
import type { Card, Line } from '../../src/cards/card.ts';
import { plainText } from '../../src/cards/card.ts';
import type { Drawing } from '../../src/cards/task-card.ts';
import { provenanceOf } from '../../src/record/provenance.ts';
import type { Member } from '../../src/routing/eligibility.ts';
import type { Reason } from '../../src/routing/reasons.ts';
import { DEFAULT_TASK_RULES } from '../../src/routing/task.ts';
import { NOW, POOLS, refTo, taskIn } from './pure-clinic.ts';

/** What a card of the Task is drawn from; nothing written about it yet, no message read. */
export function drawingOf(more: Partial<Drawing> = {}): Drawing {
  return {
    task: taskIn(),
    provenances: [],
    message: undefined,
    pools: POOLS,
    rules: DEFAULT_TASK_RULES,
    taskLink: undefined,
    ...more,
  };
}

/** What stands in the record after this person did this to the Task. */
export function deed(verb: string, by: Member, reason?: Reason): Provenance {
  const change = { status: 'requested', businessStatus: 'unassigned' } as const;
  const accepted = { kind: 'accepted', verb, guard: 'version', change, sentence: '' } as const;
  return provenanceOf(taskIn(), reason ? { ...accepted, reason } : accepted, refTo(by), NOW);
}

/** The lines of a card as they are read. */
export function read(card: Card): string[] {
  return card.lines.map((line: Line) => plainText(line));
}
