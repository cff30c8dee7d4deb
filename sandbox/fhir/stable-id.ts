import { createHash } from 'node:crypto';

/** A UUID that is the same on every start, so that links to the clinic's people outlive a restart. */
export function stableId(...parts: readonly string[]): string {
  const hex = createHash('sha256')
    .update(`sandbox ${parts.join(' ')}`)
    .digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
