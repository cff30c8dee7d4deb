import { PLATFORMS } from '../adapters/index.ts';
import { serve } from '../src/cli/serve.ts';
import { withConfig } from '../src/cli/with-config.ts';
import { loadConfig } from '../src/config.ts';
import { isDict } from './dict.ts';

/*
 * The application of the demo: `switchboard start`, but for its clock, which is the clinic's. Whoever started this
 * process tells how far that is ahead of real time.
 */

let offset = 0;
let moved: () => void = () => {};

process.on('message', (told) => {
  if (!isDict(told) || typeof told.offset !== 'number') return;
  offset = told.offset;
  moved();
});
// To listen is no reason to go on, where the start has failed.
process.channel?.unref();

process.exitCode = await withConfig(
  () => loadConfig(process.env, PLATFORMS),
  (config) =>
    serve(config, {
      now: () => Date.now() + offset,
      onMove: (listener) => {
        moved = listener;
      },
    }),
);
