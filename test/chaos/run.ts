/*
 * `npm run chaos -- --seed 7 --minutes 2 --events 2000 --database postgres --replicas 3`: a clinic in bad weather, and the
 * promise of test/invariants.ts at the end of it. Ends with 1 where it is broken. `--break journal|doubt|guard` runs a
 * broken build, which must be caught; `--keep` keeps the log of the processes.
 */
import { parseArgs } from 'node:util';
import { BREAKS } from './breaks.ts';
import { runChaos } from './chaos.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '2' },
    events: { type: 'string', default: '2000' },
    database: { type: 'string', default: 'pglite' },
    replicas: { type: 'string', default: '3' },
    transactions: { type: 'string' },
    break: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});

const broken = BREAKS.find((one) => one === values.break);
if (values.break !== undefined && broken === undefined)
  throw new Error(`There is no --break ${values.break}; there are ${BREAKS.join(', ')}.`);

const { violations, figures, log } = await runChaos({
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  events: Number(values.events),
  database: values.database === 'postgres' ? 'postgres' : 'pglite',
  replicas: Number(values.replicas),
  // Without transactions the journal is what keeps a change whole.
  transactions: broken === 'journal' ? false : yesOrNo(values.transactions),
  broken,
  keepLog: values.keep,
  say: console.error,
});

console.log(JSON.stringify(figures, undefined, 2));
for (const violation of violations) console.log(violation);
console.log(
  violations.length === 0 ? 'The promise holds.' : `The promise is broken in ${violations.length} ways.`,
);
if (log) console.log(`What the processes said: ${log}`);
process.exit(violations.length === 0 ? 0 : 1);

/** Undefined where it is left to the seed. */
function yesOrNo(word: string | undefined): boolean | undefined {
  return word === undefined ? undefined : word === 'yes';
}
