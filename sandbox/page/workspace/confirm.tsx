import type { Confirm as ConfirmObject } from '../data/blocks.ts';
import { DisplayText } from './display.tsx';
import { ModalDialog } from './modal-dialog.tsx';

interface ConfirmProps {
  readonly confirm: ConfirmObject;
  onAnswer(yes: boolean): void;
}

/** Block Kit's confirmation, asked before the press is sent. */
export function Confirm({ confirm, onAnswer }: ConfirmProps) {
  return (
    <ModalDialog small title={confirm.title.text} testId="confirm" onDismiss={() => onAnswer(false)}>
      <div className="dialog__body">
        <DisplayText text={confirm.text.text} />
      </div>
      <footer className="dialog__foot">
        <button type="button" className="button button--plain" onClick={() => onAnswer(false)}>
          {confirm.deny.text}
        </button>
        <button
          type="button"
          className={`button button--${confirm.style === 'danger' ? 'danger' : 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {confirm.confirm.text}
        </button>
      </footer>
    </ModalDialog>
  );
}
