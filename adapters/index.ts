import type { PlatformModule } from '../src/index.ts';
import { slack } from './slack/index.ts';
import { teams } from './teams/index.ts';

/** Every chat platform. Adding one is a folder and a line here. */
export const PLATFORMS: readonly PlatformModule[] = [slack, teams];
