/**
 * Makes a function of a rule and a local day reckon each day of each rule once: what a rule says of a day never
 * changes, zones are slow to ask, and thousands of Tasks are counted in the same few days.
 */
export function byDay<Rule extends object, Found>(
  reckon: (rule: Rule) => (day: string) => Found,
): (rule: Rule) => (day: string) => Found {
  const known = new WeakMap<Rule, (day: string) => Found>();
  return (rule) => {
    const found = known.get(rule) ?? remembering(reckon(rule));
    known.set(rule, found);
    return found;
  };
}

function remembering<Found>(reckon: (day: string) => Found): (day: string) => Found {
  const known = new Map<string, { readonly found: Found }>();
  return (day) => {
    const entry = known.get(day) ?? { found: reckon(day) };
    known.set(day, entry);
    return entry.found;
  };
}
