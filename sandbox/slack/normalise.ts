import { randomBytes } from 'node:crypto';
import { type Dict, isDict } from '../dict.ts';
import { knownElement } from './blocks.ts';

const NOT_ACTED_ON = ['image'];

/** The blocks as Slack stores them: with ids where the application gave none, and the defaults of texts written out. */
export function normaliseBlocks(blocks: readonly Dict[]): Dict[] {
  return blocks.map((block) => {
    const stored = asDictOf(walk(block));
    return stored.block_id === undefined ? { ...stored, block_id: shortId() } : stored;
  });
}

function walk(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(walk);
  if (!isDict(value)) return value;
  const copy: Dict = {};
  for (const [name, content] of Object.entries(value)) copy[name] = walk(content);
  if (value.type === 'plain_text' && value.emoji === undefined) copy.emoji = true;
  if (value.type === 'mrkdwn' && value.verbatim === undefined) copy.verbatim = false;
  if (knownElement(value.type) && !NOT_ACTED_ON.includes(String(value.type)) && value.action_id === undefined)
    copy.action_id = shortId();
  return copy;
}

const asDictOf = (value: unknown): Dict => (isDict(value) ? value : {});

const shortId = (): string => randomBytes(4).toString('base64url').slice(0, 5);
