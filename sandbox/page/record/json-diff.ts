export interface JsonLine {
  readonly text: string;
  readonly mark: 'same' | 'added' | 'removed';
  /** Unique and steady within one diff, for a list's keys. */
  readonly key: string;
}

/** The pretty-printed lines of `after`, with those of `before` that are gone; without a `before` all are the same. */
export function jsonDiff(before: unknown, after: unknown): readonly JsonLine[] {
  const next = linesOf(after);
  if (before === undefined) return next.map((text, i) => ({ text, mark: 'same', key: `=${i}` }));
  return merge(linesOf(before), next);
}

/** The longest common subsequence, walked from the start. A Task is some hundred lines, so n x m is small. */
function merge(old: readonly string[], next: readonly string[]): readonly JsonLine[] {
  const width = next.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = next.length - 1; j >= 0; j--) {
      common[i * width + j] =
        old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }

  const lines: JsonLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < next.length) {
    const gone = old[i];
    const come = next[j];
    if (gone !== undefined && gone === come) {
      lines.push({ text: come, mark: 'same', key: `=${j}` });
      i++;
      j++;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ text: gone, mark: 'removed', key: `-${i}` });
      i++;
    } else if (come !== undefined) {
      lines.push({ text: come, mark: 'added', key: `+${j}` });
      j++;
    }
  }
  return lines;
}

const linesOf = (value: unknown): string[] => JSON.stringify(value, null, 2).split('\n');
