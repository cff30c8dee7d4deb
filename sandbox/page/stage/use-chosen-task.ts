import type { Task } from '@medplum/fhirtypes';
import { useEffect, useRef, useState } from 'react';
import { RECENT } from '../data/fhir.ts';

interface ChosenTask {
  /** None, and so the newest, until one was chosen; none again once it is gone with a restarted sandbox. */
  readonly chosen: string | undefined;
  /** A thread that was just begun, while it has no Task. */
  readonly awaited: string | undefined;
  choose(task: string): void;
  /** Chooses the Task that is made of a message in this thread, as soon as there is one; `known` are older ones. */
  expect(thread: string, known?: readonly Task[]): void;
}

interface Expected {
  readonly thread: string;
  readonly known: readonly Task[] | undefined;
}

/** The Task that is looked at: chosen by hand, or made of what was written just now. */
export function useChosenTask(recent: readonly Task[] | undefined): ChosenTask {
  const [chosen, setChosen] = useState<string | undefined>(linkedTask);
  const [expected, setExpected] = useState<Expected>();
  const listed = useRef(false);

  useEffect(() => {
    if (chosen === undefined || recent === undefined) return;
    const present = recent.some((task) => task.id === chosen);
    // A Task may be too new for the list, or too old for a full one; neither means that it is gone.
    if (!present && listed.current && recent.length < RECENT) setChosen(undefined);
    listed.current = present;
  }, [chosen, recent]);

  useEffect(() => {
    if (expected === undefined) return;
    const come = ofThread(expected.thread, recent ?? []).find(
      ({ id }) => !expected.known?.some((task) => task.id === id),
    );
    if (come === undefined) return;
    setExpected(undefined);
    setChosen(come.id);
  }, [expected, recent]);

  return {
    chosen,
    // More words in a thread do not take away the Task that is being looked at.
    awaited: expected?.known === undefined ? expected?.thread : undefined,
    choose: (task) => {
      setExpected(undefined);
      setChosen(task);
    },
    expect: (thread, known) => setExpected({ thread, known }),
  };
}

const ofThread = (thread: string, tasks: readonly Task[]): readonly Task[] =>
  tasks.filter(({ focus }) => focus?.reference === `Communication/${thread}`);

/** A card's link opens the page at `/Task/<id>`, as it would open Medplum's own application. */
function linkedTask(): string | undefined {
  return /^\/Task\/([\w.-]+)$/.exec(location.pathname)?.[1];
}
