const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** The id of the Task that the value of a button names, alone or with other words: "claim:<id>". */
export const taskNamedIn = (value: string | undefined): string | undefined => ID.exec(value ?? '')?.[0];
