/*
 * Slack's limits, checked by us before anything is sent: Slack's own types check no lengths, and a refused message is
 * a card that nobody sees. https://docs.slack.dev/reference/block-kit
 */

/** The payload breaks a limit of Slack's: a defect of ours, found before Slack does. */
export class LimitError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Slack would refuse this payload: ${faults.join('; ')}`);
    this.name = 'LimitError';
    this.faults = faults;
  }
}

const LENGTHS: Record<string, Record<string, number>> = {
  header: { text: 150 },
  section: { text: 3000 },
  button: { text: 75, value: 2000, url: 3000 },
  plain_text_input: { placeholder: 150, initial_value: 3000 },
  external_select: { placeholder: 150 },
  static_select: { placeholder: 150 },
  input: { label: 2000, hint: 2000 },
  modal: { title: 24, submit: 24, close: 24, private_metadata: 3000 },
};

const COUNTS: Record<string, Record<string, [least: number, most: number]>> = {
  section: { fields: [1, 10] },
  context: { elements: [1, 10] },
  actions: { elements: [1, 25] },
  overflow: { options: [1, 5] },
  static_select: { options: [1, 100], option_groups: [1, 100] },
  modal: { blocks: [1, 100] },
  home: { blocks: [0, 100] },
};

/** A confirmation has no type of its own; it is known by its place. */
const CONFIRM_LENGTHS: Record<string, number> = { title: 100, text: 300, confirm: 30, deny: 30 };
const IDS = ['action_id', 'block_id', 'callback_id'];
const OPTION_LENGTHS: Record<string, number> = { text: 75, value: 75, description: 75 };

/** Throws {@link LimitError} where Slack would refuse the message. */
export function assertMessage(message: { readonly text: string; readonly blocks: readonly object[] }): void {
  const faults = message.text.trim() === '' ? ['text is empty'] : [];
  if (message.blocks.length > 50) faults.push(`${message.blocks.length} blocks, at most 50`);
  faults.push(...findFaults(message.blocks));
  if (faults.length > 0) throw new LimitError(faults);
}

/** Throws {@link LimitError} where Slack would refuse the view. */
export function assertView(view: object): void {
  const faults = findFaults(view);
  if (faults.length > 0) throw new LimitError(faults);
}

/** What Slack would say about these options of a type-ahead, or nothing. */
export function optionFaults(options: readonly object[]): string[] {
  return options.flatMap((option, i) => checkOption(option as Fields, `options/${i}`));
}

type Fields = Record<string, unknown>;

function findFaults(root: object): string[] {
  const faults: string[] = [];
  const blockIds = new Set<string>();
  walk(root as Fields, '', (node, path) => {
    const type = typeof node.type === 'string' ? node.type : '';
    for (const [key, limit] of Object.entries(LENGTHS[type] ?? {}))
      faults.push(...checkLength(node, key, limit, path));
    for (const [key, [least, most]] of Object.entries(COUNTS[type] ?? {})) {
      const list = node[key];
      if (Array.isArray(list) && (list.length < least || list.length > most)) {
        faults.push(`${path}/${key} has ${list.length} entries, ${least} to ${most} are allowed`);
      }
    }
    for (const key of IDS) faults.push(...checkLength(node, key, 255, path));
    if (type === 'section' && node.text === undefined && node.fields === undefined)
      faults.push(`${path} is empty`);
    if (type === 'actions') faults.push(...repeated(node.elements, 'action_id', path));
    if (type === 'plain_text' || type === 'mrkdwn') faults.push(...checkText(node, path));
    if (type === 'button' && (node.text as Fields | undefined)?.type !== 'plain_text')
      faults.push(`${path}/text is not plain_text`);
    if (/\/fields\/\d+$/.test(path)) faults.push(...checkLength(node, 'text', 2000, path));
    if ((type === 'mrkdwn' || type === 'plain_text') && /\/elements\/\d+$/.test(path))
      faults.push(...checkLength(node, 'text', 2000, path));
    if (path.endsWith('/confirm') && type === '')
      for (const [key, limit] of Object.entries(CONFIRM_LENGTHS))
        faults.push(...checkLength(node, key, limit, path));
    if (/\/options\/\d+$|\/initial_option$/.test(path)) faults.push(...checkOption(node, path));
    if (typeof node.block_id === 'string') {
      if (blockIds.has(node.block_id)) faults.push(`${path}/block_id is used twice`);
      blockIds.add(node.block_id);
    }
  });
  return faults;
}

function walk(node: Fields, path: string, visit: (node: Fields, path: string) => void): void {
  if (!Array.isArray(node)) visit(node, path);
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'object' && value !== null) walk(value as Fields, `${path}/${key}`, visit);
  }
}

function checkOption(option: Fields, path: string): string[] {
  return Object.entries(OPTION_LENGTHS).flatMap(([key, limit]) => checkLength(option, key, limit, path));
}

function checkLength(node: Fields, key: string, limit: number, path: string): string[] {
  const value = node[key];
  const text = typeof value === 'object' && value !== null ? (value as Fields).text : value;
  if (typeof text !== 'string' || text.length <= limit) return [];
  return [`${path}/${key} has ${text.length} characters, at most ${limit} fit`];
}

function checkText(node: Fields, path: string): string[] {
  return typeof node.text === 'string' && node.text.length > 0 ? [] : [`${path}/text is empty`];
}

function repeated(list: unknown, key: string, path: string): string[] {
  if (!Array.isArray(list)) return [];
  const ids = list.map((one: Fields) => one[key]);
  return new Set(ids).size === ids.length ? [] : [`${path} uses an ${key} twice`];
}
