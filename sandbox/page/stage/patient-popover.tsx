import { useEffect, useRef } from 'react';
import { PatientForm, type SentMessage } from './patient-form.tsx';

interface PatientPopoverProps {
  readonly poolId: string | undefined;
  onSent(sent: SentMessage, poolId: string): void;
  onClose(): void;
}

/** The patient's form over the stage, beside the channel where the card will appear. */
export function PatientPopover({ poolId, onSent, onClose }: PatientPopoverProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const opener = document.activeElement;
    box.current?.querySelector('textarea')?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close.current();
    };
    const onPointerDown = (event: PointerEvent) => {
      const { target } = event;
      if (!(target instanceof Element) || box.current?.contains(target)) return;
      // The button that opened it closes it by itself.
      if (target.closest('[data-testid="patient-writes"]') === null) close.current();
    };
    document.addEventListener('keydown', onKeyDown);
    document.addEventListener('pointerdown', onPointerDown);
    return () => {
      document.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('pointerdown', onPointerDown);
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  return (
    <div className="popover" role="dialog" aria-label="A patient writes" ref={box}>
      <h2>A patient writes</h2>
      <PatientForm poolId={poolId} onSent={onSent} />
    </div>
  );
}
