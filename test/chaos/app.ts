/*
 * The application in a process of its own, for chaos: configured by its environment like `switchboard start`; whoever
 * started it tells how far its clock is ahead of real time. With a first argument it is a broken build.
 */
import pino from 'pino';
import { isDict } from '../../sandbox/dict.ts';
import { BREAKS, breakBuild } from './breaks.ts';

const broken = BREAKS.find((one) => one === process.argv[2]);
if (broken) breakBuild(broken);

let offset = 0;
const isTold = new Promise<void>((resolve) => {
  process.on('message', (told) => {
    if (isDict(told) && typeof told.offset === 'number') offset = told.offset;
    resolve();
  });
});
process.once('disconnect', () => process.exit(1));
await isTold;

// What is broken is broken before it is loaded.
const { PLATFORMS } = await import('../../adapters/index.ts');
const { loadConfig } = await import('../../src/config.ts');
const { start } = await import('../../src/main.ts');
const config = loadConfig(process.env, PLATFORMS);
const log = pino({ level: config.logLevel, base: { pid: process.pid } });
const app = await start(config, log, { now: () => Date.now() + offset });
process.send?.('ready');
process.once('SIGTERM', async () => {
  await app.stop();
  process.exit(0);
});
