import { useEffect, useState } from 'react';
import type { Option } from '../data/blocks.ts';
import { suggest } from '../data/slack.ts';
import { useWorkspace } from './workspace-context.ts';

const TYPING_PAUSE_MS = 150;

export interface Suggested {
  readonly state: 'asking' | 'answered' | 'failed';
  readonly groups: readonly { readonly label: string; readonly options: readonly Option[] }[];
}

const ASKING: Suggested = { state: 'asking', groups: [] };

/** The app's suggestions for a text, asked for when the typing rests; undefined asks for none. */
export function useSuggestions(viewId: string, actionId: string, text: string | undefined): Suggested {
  const { user } = useWorkspace();
  const [suggested, setSuggested] = useState<Suggested>(ASKING);

  useEffect(() => {
    if (text === undefined) return;
    let overtaken = false;
    const timer = setTimeout(async () => {
      const answer = await suggest(user.id, viewId, actionId, text).then(
        ({ error, body }): Suggested => ({
          state: error === undefined ? 'answered' : 'failed',
          groups: [
            { label: '', options: body?.options ?? [] },
            ...(body?.option_groups ?? []).map(({ label, options }) => ({ label: label.text, options })),
          ].filter((group) => group.options.length > 0),
        }),
        (): Suggested => ({ state: 'failed', groups: [] }),
      );
      if (!overtaken) setSuggested(answer);
    }, TYPING_PAUSE_MS);
    return () => {
      overtaken = true;
      clearTimeout(timer);
    };
  }, [user.id, viewId, actionId, text]);

  return suggested;
}
