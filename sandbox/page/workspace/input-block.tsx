import { useId } from 'react';
import type { Block } from '../data/blocks.ts';
import { DisplayText } from './display.tsx';
import { Field, type FieldProps } from './field.tsx';

interface InputBlockProps extends Pick<FieldProps, 'value' | 'viewId' | 'onGive'> {
  readonly block: Block;
  readonly error: string | undefined;
}

/** A labelled input of a modal, with its hint, and its error where the reader looks for it. */
export function InputBlock({ block, error, ...field }: InputBlockProps) {
  const id = useId();
  const { element, hint, label, optional } = block;
  if (element === undefined) return null;
  const describedBy = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`]
    .join(' ')
    .trim();

  return (
    <div className="field" data-block={block.block_id}>
      <label className="field__label" id={`${id}-label`} htmlFor={id}>
        {label?.text}
        {optional === true ? <span className="field__optional"> (optional)</span> : null}
      </label>
      <Field
        {...field}
        element={element}
        id={id}
        labelId={`${id}-label`}
        describedBy={describedBy === '' ? undefined : describedBy}
        invalid={error !== undefined}
      />
      {error === undefined ? null : (
        <p className="field__error" id={`${id}-error`} role="alert" data-testid="modal-error">
          {error}
        </p>
      )}
      {hint === undefined ? null : (
        <div className="field__hint" id={`${id}-hint`}>
          <DisplayText text={hint.text} />
        </div>
      )}
    </div>
  );
}
