/** A JSON object of which nothing is known yet, and how to look into one without a cast. */
export type Dict = { [key: string]: unknown };

export const isDict = (value: unknown): value is Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asDict = (value: unknown): Dict => (isDict(value) ? value : {});

export const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The objects in an array; anything else in it is left out. */
export const asDicts = (value: unknown): Dict[] => (Array.isArray(value) ? value.filter(isDict) : []);

/** What the text says as JSON, or `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
