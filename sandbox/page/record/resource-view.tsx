import type { Task } from '@medplum/fhirtypes';
import { type CSSProperties, useMemo } from 'react';
import { type JsonLine, jsonDiff } from './json-diff.ts';
import { Section } from './section.tsx';

interface ResourceViewProps {
  readonly versions: readonly Task[];
  readonly shown: string | undefined;
  onShow(versionId: string | undefined): void;
}

/** One version of the Task as JSON, with the lines that it changed. */
export function ResourceView({ versions, shown, onShow }: ResourceViewProps) {
  const at = Math.max(
    versions.findIndex((task) => task.meta?.versionId === shown),
    0,
  );
  const task = versions[at];
  const before = versions[at + 1];
  const lines = useMemo(() => (task === undefined ? [] : jsonDiff(before, task)), [task, before]);

  return (
    <Section
      title="Resource"
      source="Task"
      aside={
        <select
          className="select select--quiet"
          aria-label="Version"
          value={at === 0 ? '' : (shown ?? '')}
          onChange={(event) => onShow(event.target.value === '' ? undefined : event.target.value)}
        >
          {versions.map((one, i) => (
            <option key={one.meta?.versionId} value={i === 0 ? '' : one.meta?.versionId}>
              {i === 0 ? `Version ${versions.length} (current)` : `Version ${versions.length - i}`}
            </option>
          ))}
        </select>
      }
    >
      <pre className="json">
        <code>
          {lines.map((line) => (
            <Line key={line.key} line={line} />
          ))}
        </code>
      </pre>
    </Section>
  );
}

const SAID = { same: '', added: 'added', removed: 'removed' } as const;

function Line({ line: { text, mark } }: { readonly line: JsonLine }) {
  return (
    <span className={`json__line json__line--${mark}`} style={hanging(text)}>
      {mark === 'same' ? null : <span className="visually-hidden">{SAID[mark]}: </span>}
      {tokensOf(text).map(({ kind, text: part, at }) => (
        <span key={at} className={kind === undefined ? undefined : `json__${kind}`}>
          {part}
        </span>
      ))}
      {'\n'}
    </span>
  );
}

/** A long line goes on a little to the right of where it began. */
function hanging(text: string): CSSProperties {
  const indent = `${text.length - text.trimStart().length + 2}ch`;
  return { paddingInlineStart: `calc(11px + ${indent})`, textIndent: `-${indent}` };
}

interface Token {
  readonly kind: 'key' | 'string' | 'value' | undefined;
  readonly text: string;
  readonly at: number;
}

/** A line of pretty-printed JSON is at most a key and a scalar or a bracket. */
function tokensOf(line: string): readonly Token[] {
  const [, indent = '', key = '', value = '', tail = ''] =
    /^(\s*)("(?:[^"\\]|\\.)*": )?("(?:[^"\\]|\\.)*"|[\w.+-]+)?(.*)$/.exec(line) ?? [];
  const tokens: Token[] = [
    { kind: undefined, text: indent, at: 0 },
    { kind: 'key', text: key, at: 1 },
    { kind: value.startsWith('"') ? 'string' : 'value', text: value, at: 2 },
    { kind: undefined, text: tail, at: 3 },
  ];
  return tokens.filter((token) => token.text !== '');
}
