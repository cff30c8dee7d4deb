import type { ReactNode } from 'react';
import type { Block } from '../data/blocks.ts';
import type { Place } from '../data/slack.ts';
import { Confirm } from './confirm.tsx';
import { Display } from './display.tsx';
import { Interactive } from './interactive.tsx';
import { type Pressing, usePress } from './use-press.ts';

interface BlocksProps {
  readonly blocks: readonly Block[];
  readonly place: Place;
  /** Told of each press before it is sent, with the value of what was pressed. */
  onPress?(value: string | undefined): void;
  /** Draws an input block; in messages there are none. */
  input?(block: Block): ReactNode;
}

/** Blocks as they were sent, with everything that can be pressed really pressing. */
export function Blocks({ blocks, place, onPress, input }: BlocksProps) {
  const pressing = usePress(place, onPress);
  return (
    <div className="blocks">
      {groupsOf(blocks).map((group) => (
        <Group key={group.key} group={group} pressing={pressing} input={input} />
      ))}
      {pressing.problem === undefined ? null : (
        <p className="problem" role="alert">
          {pressing.problem}
        </p>
      )}
      {pressing.asked === undefined ? null : (
        <Confirm confirm={pressing.asked.confirm} onAnswer={pressing.asked.answer} />
      )}
    </div>
  );
}

interface GroupProps {
  readonly group: GroupOfBlocks;
  readonly pressing: Pressing;
  readonly input: BlocksProps['input'];
}

function Group({ group: { kind, blocks }, pressing, input }: GroupProps) {
  const first = blocks[0];
  if (first === undefined) return null;
  if (kind === 'input') return input?.(first);
  if (kind === 'actions') {
    return (
      <div className="blocks__actions">
        {(first.elements ?? []).map((element) => (
          <Interactive key={element.action_id} element={element} pressing={pressing} />
        ))}
      </div>
    );
  }
  if (kind === 'accessory' && first.accessory !== undefined) {
    const { accessory, ...section } = first;
    return (
      <div className="blocks__beside">
        <Display blocks={[section]} />
        <Interactive element={accessory} pressing={pressing} />
      </div>
    );
  }
  return <Display blocks={blocks} />;
}

interface GroupOfBlocks {
  readonly kind: 'display' | 'actions' | 'accessory' | 'input';
  readonly key: string;
  readonly blocks: Block[];
}

/** Neighbouring blocks that only show something are drawn in one go. */
function groupsOf(blocks: readonly Block[]): readonly GroupOfBlocks[] {
  const groups: GroupOfBlocks[] = [];
  for (const [i, block] of blocks.entries()) {
    const kind = kindOf(block);
    const last = groups.at(-1);
    if (kind === 'display' && last?.kind === 'display') last.blocks.push(block);
    // An input keeps its key over an update of its view, and so what was typed into it.
    else
      groups.push({
        kind,
        key: kind === 'input' ? `input ${block.block_id ?? i}` : `${kind} ${i}`,
        blocks: [block],
      });
  }
  return groups;
}

function kindOf(block: Block): GroupOfBlocks['kind'] {
  if (block.type === 'actions') return 'actions';
  if (block.type === 'input') return 'input';
  return block.type === 'section' && block.accessory !== undefined && block.accessory.type !== 'image'
    ? 'accessory'
    : 'display';
}
