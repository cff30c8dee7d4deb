/*
 * The application in a process of its own that can be told where to die. A line of its standard input names a point, and
 * the Task that it must be about (`*` for any): as soon as that point is passed the process ends itself by SIGKILL. It
 * is configured by its environment, like `switchboard start`.
 */
import { createInterface } from 'node:readline';
import pino from 'pino';
import { PLATFORMS } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config.ts';
import { start } from '../../src/main.ts';
import type { Fuse } from '../../src/runtime/ports/fuse.ts';

let armed: string | undefined;
createInterface({ input: process.stdin }).on('line', (line) => {
  armed = line;
  console.log(`armed ${line}`);
});

const fuse: Fuse = (point, about) => {
  if (armed !== `${point} ${about}` && armed !== `${point} *`) return;
  process.kill(process.pid, 'SIGKILL');
  // Nothing more may be done, should the signal be slow.
  for (;;);
};

const config = loadConfig(process.env, PLATFORMS);
await start(config, pino({ level: config.logLevel }), { fuse });
