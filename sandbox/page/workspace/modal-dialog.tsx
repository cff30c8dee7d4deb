import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface ModalDialogProps {
  readonly title: string;
  readonly testId: string;
  readonly small?: boolean;
  /** Escape, or a press on the close button. */
  onDismiss(): void;
  readonly children: ReactNode;
}

/** A modal dialog in the top layer: the browser keeps the focus inside, and gives it back at the end. */
export function ModalDialog({ title, testId, small = false, onDismiss, children }: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const node = dialog.current;
    if (node?.open === false) node.showModal();
    return () => node?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className={small ? 'dialog dialog--small' : 'dialog'}
      data-testid={testId}
      aria-labelledby={titleId}
      // Not left to "cancel", which a browser may refuse to have prevented twice in a row.
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onDismiss();
      }}
      onCancel={(event) => {
        event.preventDefault();
        onDismiss();
      }}
    >
      <header className="dialog__head">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="button button--icon" aria-label="Close" onClick={onDismiss}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path
              d="M3.5 3.5l9 9m0-9l-9 9"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.6"
              strokeLinecap="round"
            />
          </svg>
        </button>
      </header>
      {children}
    </dialog>
  );
}
