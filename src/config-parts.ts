import { z } from 'zod';

/*
 * What is written in the same way in several places of `switchboard.yaml`.
 */

const CODING_FORM = 'must be written as system|code, e.g. http://snomed.info/sct|224535009';

export const coding = z
  .string(CODING_FORM) // a bare code is a number in YAML
  .regex(/^\S+\|\S+$/, CODING_FORM)
  .transform((text) => {
    const at = text.lastIndexOf('|');
    return { system: text.slice(0, at), code: text.slice(at + 1) };
  });

export const practitioner = z
  .string()
  .regex(/^Practitioner\/[A-Za-z0-9.-]{1,64}$/, 'must be written as Practitioner/id');
