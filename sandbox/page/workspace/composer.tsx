import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { problemOf, slash } from '../data/slack.ts';
import { SendButton } from './send-button.tsx';
import { useWorkspace } from './workspace-context.ts';

interface ComposerProps {
  readonly channel: string;
  readonly channelName: string;
}

/** Where slash commands are typed; what the app answers comes to the channel, visible to the typer alone. */
export function Composer({ channel, channelName }: ComposerProps) {
  const { user } = useWorkspace();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
    if (command === undefined) {
      setProblem('Only slash commands are sent from here, for example /tasks.');
      return;
    }
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    try {
      const refused = problemOf(await slash(user.id, channel, command, (rest ?? '').trim()));
      setProblem(refused);
      if (refused === undefined) setText('');
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="composer" onSubmit={send}>
      {problem === undefined ? null : (
        <p className="problem" role="alert" id="composer-problem">
          {problem}
        </p>
      )}
      <div className="composer__box">
        <input
          data-testid="composer"
          aria-label={`Slash command in ${channelName}`}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'composer-problem'}
          placeholder="Slash command, for example /tasks"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
        />
        <SendButton busy={busy} disabled={text.trim() === ''} />
      </div>
    </form>
  );
}
