import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { problemOf, say, slash } from '../data/slack.ts';
import { SendButton } from './send-button.tsx';
import { useWorkspace } from './workspace-context.ts';

interface ComposerProps {
  readonly channel: string;
  readonly channelName: string;
}

/** Where one types: a slash command, whose answer only the typer sees, or else a message for everybody. */
export function Composer({ channel, channelName }: ComposerProps) {
  const { user } = useWorkspace();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(words) ?? [];
    if (busy || words === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      const refused =
        command === undefined
          ? await say(user.id, channel, words).then(() => undefined)
          : problemOf(await slash(user.id, channel, command, (rest ?? '').trim()));
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
          aria-label={`Message or slash command in ${channelName}`}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'composer-problem'}
          placeholder="A slash command, for example /tasks, or a message"
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
