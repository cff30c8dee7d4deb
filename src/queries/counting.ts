/** "No Tasks", "One Task", "1,234 Tasks". */
export function count(n: number, one: string, many = `${one}s`): string {
  if (n === 0) return `No ${many}`;
  return n === 1 ? `One ${one}` : `${n.toLocaleString('en')} ${many}`;
}

/** The same in the middle of a sentence: "no Tasks", "one Task". */
export function counted(n: number, one: string, many = `${one}s`): string {
  const words = count(n, one, many);
  return n < 2 ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

/** "“Registered nurse”", "“Registered nurse” and “Cardiologist”". */
export function quoted(names: readonly string[]): string {
  const marked = names.map((name) => `“${name}”`);
  if (marked.length < 2) return marked.join('');
  return `${marked.slice(0, -1).join(', ')} and ${marked.at(-1)}`;
}
