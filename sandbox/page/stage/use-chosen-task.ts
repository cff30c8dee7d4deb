import type { Task } from '@medplum/fhirtypes';
import { useEffect, useRef, useState } from 'react';
import { RECENT } from '../data/fhir.ts';

/** The Task that was chosen to be looked at; none, and so the newest, once it is gone with a restarted sandbox. */
export function useChosenTask(
  recent: readonly Task[] | undefined,
): [string | undefined, (task: string) => void] {
  const [chosen, setChosen] = useState<string | undefined>(linkedTask);
  const listed = useRef(false);

  useEffect(() => {
    if (chosen === undefined || recent === undefined) return;
    const present = recent.some((task) => task.id === chosen);
    // A Task may be too new for the list, or too old for a full one; neither means that it is gone.
    if (!present && listed.current && recent.length < RECENT) setChosen(undefined);
    listed.current = present;
  }, [chosen, recent]);

  return [chosen, setChosen];
}

/** A card's link opens the page at `/Task/<id>`, as it would open Medplum's own application. */
function linkedTask(): string | undefined {
  return /^\/Task\/([\w.-]+)$/.exec(location.pathname)?.[1];
}
