import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Block } from '../data/blocks.ts';
import { sentenceOf } from '../data/http.ts';
import { closeView, press, problemOf, submitView, type View } from '../data/slack.ts';
import { Blocks } from './blocks.tsx';
import { InputBlock } from './input-block.tsx';
import { choiceToTell, type Given, givenOf, missingOf, type Value, valuesOf } from './input-values.ts';
import { ModalDialog } from './modal-dialog.tsx';
import { useWorkspace } from './workspace-context.ts';

interface ViewModalProps {
  readonly view: View;
  /** Looks at the person's views again; resolves when the page shows them. */
  refresh(): Promise<void>;
}

/** A view that the app opened: its inputs, its errors at the fields, and its submission. */
export function ViewModal({ view, refresh }: ViewModalProps) {
  const { user } = useWorkspace();
  const [given, setGiven] = useState<Given>({});
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const errors = { ...view.errors, ...missing };

  // A view often opens empty and is filled a moment later; then the first field takes the focus.
  const fields = view.blocks.filter((block) => block.type === 'input').length;
  useEffect(() => {
    if (fields > 0)
      form.current?.querySelector<HTMLElement>('.dialog__body :is(input, select, textarea)')?.focus();
  }, [fields]);

  const wrong = Object.keys(errors).join(' ');
  useEffect(() => {
    if (wrong !== '') form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [wrong]);

  const dismiss = async () => {
    await closeView(user.id, view.id).catch((error: unknown) => setProblem(sentenceOf(error)));
    await refresh();
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const incomplete = missingOf(view.blocks, given);
    setMissing(incomplete);
    if (busy || Object.keys(incomplete).length > 0) return;
    setBusy(true);
    setProblem(undefined);
    try {
      setProblem(problemOf(await submitView(user.id, view.id, valuesOf(view.blocks, given))));
    } catch (error) {
      setProblem(sentenceOf(error));
    }
    await refresh();
    setBusy(false);
  };

  const give = (block: Block, value: Value) => {
    const id = block.block_id ?? '';
    const now = { ...given, [id]: value };
    setGiven(now);
    setMissing(({ [id]: _, ...others }) => others);
    const chosen = choiceToTell(block, value);
    if (chosen === undefined) return;
    const values = valuesOf(view.blocks, now);
    press(user.id, { view_id: view.id }, block.element?.action_id ?? '', chosen, values).then(
      (answer) => setProblem(problemOf(answer)),
      (error: unknown) => setProblem(sentenceOf(error)),
    );
  };

  return (
    <ModalDialog title={view.title?.text ?? ''} testId="modal" onDismiss={dismiss}>
      <form ref={form} noValidate onSubmit={submit}>
        <div className="dialog__body">
          <Blocks
            blocks={view.blocks}
            place={{ view_id: view.id }}
            input={(block) => (
              <InputBlock
                block={block}
                viewId={view.id}
                value={givenOf(block, given)}
                error={errors[block.block_id ?? '']}
                onGive={(value) => give(block, value)}
              />
            )}
          />
          {problem === undefined ? null : (
            <p className="problem" role="alert">
              {problem}
            </p>
          )}
        </div>
        <footer className="dialog__foot">
          <button type="button" className="button button--plain" onClick={dismiss}>
            {view.close?.text ?? 'Close'}
          </button>
          {view.submit === null ? null : (
            <button
              type="submit"
              className="button button--primary"
              data-testid="modal-submit"
              aria-busy={busy}
            >
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </ModalDialog>
  );
}
