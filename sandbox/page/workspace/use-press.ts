import { useState } from 'react';
import type { Confirm, Element } from '../data/blocks.ts';
import { sentenceOf } from '../data/http.ts';
import { type Place, press, problemOf } from '../data/slack.ts';
import { useWorkspace } from './workspace-context.ts';

interface Asked {
  readonly confirm: Confirm;
  answer(yes: boolean): void;
}

export interface Pressing {
  /** Whether this element's press is on its way. */
  isBusy(element: Element): boolean;
  readonly problem: string | undefined;
  readonly asked: Asked | undefined;
  press(element: Element, value: string | undefined): void;
}

/** Sends presses from one place, asking first where the element wants a confirmation. */
export function usePress(place: Place, onPress?: (value: string | undefined) => void): Pressing {
  const { user } = useWorkspace();
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState<Asked>();

  const send = async (element: Element, actionId: string, value: string | undefined) => {
    setBusy(nameOf(element));
    setProblem(undefined);
    try {
      setProblem(problemOf(await press(user.id, place, actionId, value)));
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(undefined);
    }
  };

  return {
    isBusy: (element) => busy !== undefined && busy === nameOf(element),
    problem,
    asked,
    press: (element, value) => {
      const { action_id: actionId, confirm } = element;
      if (actionId === undefined || busy !== undefined) return;
      onPress?.(value);
      if (confirm === undefined) return void send(element, actionId, value);
      setAsked({
        confirm,
        answer: (yes) => {
          setAsked(undefined);
          if (yes) void send(element, actionId, value);
        },
      });
    },
  };
}

/** Rows of a list may each have a button with the same action_id; their values differ. */
const nameOf = ({ action_id, value }: Element): string => `${action_id} ${value}`;
