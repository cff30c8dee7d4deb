import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { say, type TeamsPlace } from '../data/teams.ts';
import { SendButton } from '../workspace/send-button.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

const MENTION = '@Switchboard';

/** Where the app is spoken to: by a mention in a channel, plainly in the chat with it. */
export function Composer({ place }: { readonly place: TeamsPlace }) {
  const { user } = useWorkspace();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const inChannel = place.kind === 'channel';

  const send = async (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (busy || words === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      const mention = inChannel && !words.startsWith(MENTION) ? `${MENTION} ` : '';
      const { error } = await say(user.id, place.id, `${mention}${words}`);
      setProblem(error);
      setText('');
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="composer" onSubmit={send}>
      {problem === undefined ? null : (
        <p className="problem" role="alert" id="teams-composer-problem">
          {problem}
        </p>
      )}
      <div className="composer__box">
        {inChannel ? <span className="mention">{MENTION}</span> : null}
        <input
          data-testid="teams-composer"
          aria-label={inChannel ? `Message to ${MENTION} in ${place.name}` : 'Message to Switchboard'}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : 'teams-composer-problem'}
          placeholder={inChannel ? 'tasks, or claim a1b2c3' : 'Type a message, for example tasks'}
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
