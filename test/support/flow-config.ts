import { parseDocument } from 'yaml';

/** The configuration of the clinic with these settings instead of its own. */
export function configured(settings: Readonly<Record<string, unknown>>) {
  return (yaml: string): string => {
    const document = parseDocument(yaml);
    for (const [name, value] of Object.entries(settings)) document.set(name, value);
    return document.toString();
  };
}

/** What a message to a pool of the demo is about, as an intake rule names it. */
export function aboutPool(pool: string): { readonly category: string } {
  return { category: `urn:switchboard:sandbox:category|${pool}` };
}

/** One rule for each of these pools of the demo. */
export function intakeFor(...pools: readonly string[]) {
  return pools.map((pool) => ({ when: aboutPool(pool), pool }));
}
