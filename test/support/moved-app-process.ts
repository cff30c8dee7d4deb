/*
 * The application in a process of its own, whose clock is as far ahead of real time as its standard input says, line by
 * line, in milliseconds. It is configured by its environment, like `switchboard start`.
 */
import { createInterface } from 'node:readline';
import pino from 'pino';
import { PLATFORMS } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config.ts';
import { start } from '../../src/main.ts';

let ahead = Number(process.argv[2] ?? 0);
createInterface({ input: process.stdin }).on('line', (line) => {
  ahead = Number(line);
});
const config = loadConfig(process.env, PLATFORMS);
await start(config, pino({ level: config.logLevel }), { now: () => Date.now() + ahead });
