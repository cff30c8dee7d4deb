import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { sentenceOf } from '../data/http.ts';
import { SendButton } from '../workspace/send-button.tsx';

interface ReplyProps {
  readonly testId: 'follow-up' | 'answer';
  readonly side: 'patient' | 'staff';
  readonly placeholder: string;
  send(text: string): Promise<void>;
  readonly children?: ReactNode;
}

/** A box to write into the thread: Enter sends, Shift and Enter begins a new line. */
export function Reply({ testId, side, placeholder, send, children }: ReplyProps) {
  const id = useId();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || text.trim() === '') return;
    setBusy(true);
    setProblem(undefined);
    try {
      await send(text.trim());
      setText('');
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void submit();
  };

  return (
    <form className={`reply reply--${side}`} data-testid={testId} onSubmit={submit}>
      {children}
      <div className="reply__line">
        <textarea
          data-testid={`${testId}-text`}
          aria-label={placeholder.replace('…', '')}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          placeholder={placeholder}
          dir="auto"
          rows={1}
          value={text}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setText(event.target.value);
            setProblem(undefined);
          }}
        />
        <SendButton testId={`${testId}-send`} busy={busy} disabled={text.trim() === ''} />
      </div>
      {problem === undefined ? null : (
        <p className="problem" role="alert" id={id}>
          {problem}
        </p>
      )}
    </form>
  );
}
