/**
 * Whether Slack would take these blocks or this view, and if not, what it would say.
 * Where Slack's documents disagree, the stricter reading is taken.
 */

import { asDict, asDicts, asText, type Dict, isDict } from '../dict.ts';
import { BLOCKS, MESSAGE_ONLY, VIEW_ONLY_ELEMENTS } from './blocks.ts';
import { option, optionGroup, plain } from './composition.ts';
import { among, boolean, byType, list, object, type Problem, type Rule, string } from './shapes.ts';

export type Surface = 'message' | 'modal' | 'home';

/** `[ERROR] ... [json-pointer:/blocks/0]`, the form of Slack's `response_metadata.messages`. */
export const asMessages = (problems: readonly Problem[]): string[] =>
  problems.map(({ message, at }) => `[ERROR] ${message} [json-pointer:${at}]`);

/** What is wrong with these blocks; nothing when Slack would take them. */
export function checkBlocks(blocks: unknown, surface: Surface, at = '/blocks'): Problem[] {
  const problems: Problem[] = [];
  blocksRule(surface)(blocks, at, problems);
  return problems;
}

/** What is wrong with this view; `kind` is what the method at hand opens. */
export function checkView(view: unknown, kind: 'modal' | 'home', at = '/view'): Problem[] {
  const problems: Problem[] = [];
  viewRule(kind)(view, at, problems);
  if (problems.length > 0) return problems;
  if (Buffer.byteLength(JSON.stringify(view)) > 250_000) problems.push({ message: 'view is too large', at });
  const needsSubmit = asDicts(asDict(view).blocks).some((block) => block.type === 'input');
  if (kind === 'modal' && needsSubmit && asDict(view).submit === undefined)
    problems.push({ message: 'missing required field: submit', at });
  return problems;
}

/** What is wrong with the answer to a `block_suggestion`. */
export function checkSuggestions(answer: unknown): Problem[] {
  const problems: Problem[] = [];
  const grouped = isDict(answer) && answer.option_groups !== undefined;
  const rule: Rule = grouped
    ? object(['option_groups'], { option_groups: list(optionGroup, 100, 0) })
    : object(['options'], { options: list(option, 100, 0) });
  rule(answer, '', problems);
  return problems;
}

function viewRule(kind: 'modal' | 'home'): Rule {
  const shared = {
    blocks: blocksRule(kind),
    private_metadata: string(3000, 0),
    callback_id: string(255),
    external_id: string(255, 0),
  };
  if (kind === 'home') return object(['type', 'blocks'], { type: among('home'), ...shared });
  return object(['type', 'title', 'blocks'], {
    type: among('modal'),
    ...shared,
    title: plain(24),
    submit: plain(24),
    close: plain(24),
    clear_on_close: boolean,
    notify_on_close: boolean,
  });
}

function blocksRule(surface: Surface): Rule {
  const everyBlock = list(byType(BLOCKS), surface === 'message' ? 50 : 100, surface === 'modal' ? 1 : 0);
  return (value, at, problems) => {
    everyBlock(value, at, problems);
    const blocks = asDicts(value);
    surfaceAllows(blocks, surface, at, problems);
    uniqueIds(blocks, at, problems);
    if (surface === 'message') messageTotals(blocks, at, problems);
    else oneFocus(blocks, at, problems);
  };
}

function surfaceAllows(blocks: readonly Dict[], surface: Surface, at: string, problems: Problem[]): void {
  blocks.forEach((block, i) => {
    const type = asText(block.type) ?? '';
    if (surface !== 'message' && MESSAGE_ONLY.includes(type))
      problems.push({ message: `unsupported type: ${type}`, at: `${at}/${i}/type` });
    const element = asText(asDict(block.element).type) ?? '';
    if (surface === 'message' && VIEW_ONLY_ELEMENTS.includes(element))
      problems.push({ message: `unsupported type: ${element}`, at: `${at}/${i}/element/type` });
  });
}

function uniqueIds(blocks: readonly Dict[], at: string, problems: Problem[]): void {
  const seen = new Set<string>();
  blocks.forEach((block, i) => {
    const id = asText(block.block_id);
    if (id !== undefined && seen.has(id))
      problems.push({ message: `\`block_id\` "${id}" already exists`, at: `${at}/${i}/block_id` });
    if (id !== undefined) seen.add(id);

    const actions = new Set<string>();
    elementsIn(block).forEach((element, j) => {
      const action = asText(element.action_id);
      if (action !== undefined && actions.has(action))
        problems.push({
          message: `\`action_id\` "${action}" already exists`,
          at: `${at}/${i}/elements/${j}/action_id`,
        });
      if (action !== undefined) actions.add(action);
    });
    if (block.type === 'container')
      uniqueIds(asDicts(block.child_blocks), `${at}/${i}/child_blocks`, problems);
  });
}

function messageTotals(blocks: readonly Dict[], at: string, problems: Problem[]): void {
  const markdown = blocks
    .filter((block) => block.type === 'markdown')
    .map((block) => asText(block.text) ?? '');
  if (markdown.join('').length > 12_000)
    problems.push({ message: 'markdown blocks must be less than 12001 characters in all', at });
  if (blocks.filter((block) => block.type === 'table').length > 1)
    problems.push({ message: 'only one table allowed', at });
}

function oneFocus(blocks: readonly Dict[], at: string, problems: Problem[]): void {
  const focused = blocks.flatMap(elementsIn).filter((element) => element.focus_on_load === true);
  if (focused.length > 1) problems.push({ message: 'only one element may have `focus_on_load`', at });
}

/** The elements directly in a block: of actions and context, the accessory, the input. */
export function elementsIn(block: Dict): Dict[] {
  const single = [block.accessory, block.element].filter(isDict);
  if (block.type === 'rich_text') return single;
  return [...asDicts(block.elements), ...asDicts(block.actions), ...single];
}

/** Every block and, inside a container or a carousel, its children. */
export function flatBlocks(blocks: readonly Dict[]): Dict[] {
  return blocks.flatMap((block) => [
    block,
    ...flatBlocks(asDicts(block.child_blocks)),
    ...(block.type === 'carousel' ? flatBlocks(asDicts(block.elements)) : []),
  ]);
}
