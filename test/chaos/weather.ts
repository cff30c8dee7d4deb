import type { Fault } from '../../sandbox/fhir/index.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import type { FaultRequest as SlackFault } from '../../sandbox/slack/index.ts';
import type { FaultRequest as TeamsFault } from '../../sandbox/teams/index.ts';
import type { Random } from './random.ts';

/** An edge of the application: somebody it talks to. */
export const EDGES = ['fhir', 'slack', 'teams'] as const;
export type Edge = (typeof EDGES)[number];

/** What goes wrong by chance on every edge, until somebody makes it fair again. */
export interface Weather {
  /** For so long the edge answers nothing. */
  outage(edge: Edge, ms: number): void;
  /** Nothing goes wrong any more. */
  clear(): void;
  /** How often what went wrong, by edge and kind. */
  readonly faults: ReadonlyMap<string, number>;
}

type Likely<F> = F & { readonly weight: number };

/** How likely it is, at each call, that something goes wrong. */
const RISK = { fhir: 0.05, slack: 0.08, teams: 0.08, webhook: 0.15 } as const;

const FHIR: readonly Likely<Fault>[] = [
  { weight: 3, kind: 'delay', ms: 600 },
  { weight: 3, kind: 'conflict' },
  { weight: 2, kind: 'quota', ms: 700 },
  { weight: 2, kind: 'error' },
  { weight: 2, kind: 'drop' },
  { weight: 3, kind: 'drop-after-commit' },
  { weight: 1, kind: 'truncate' },
];

const WEBHOOK: readonly Likely<Fault>[] = [
  { weight: 4, kind: 'lose-webhook' },
  { weight: 3, kind: 'double-webhook' },
  { weight: 3, kind: 'late-webhook', ms: 2_500 },
];

const SLACK: readonly Likely<SlackFault>[] = [
  { weight: 2, kind: 'ratelimited', seconds: 1 },
  { weight: 1, kind: 'ratelimited-bare' },
  { weight: 2, kind: 'error' },
  { weight: 2, kind: 'drop' },
  { weight: 3, kind: 'drop-after-commit' },
  { weight: 3, kind: 'delay', ms: 900 },
  { weight: 1, kind: 'truncate' },
  { weight: 1, kind: 'html' },
];

const TEAMS: readonly Likely<TeamsFault>[] = [
  { weight: 2, kind: '429', seconds: 1 },
  { weight: 1, kind: '429-bare' },
  { weight: 1, kind: '412' },
  { weight: 1, kind: '500' },
  { weight: 1, kind: '502' },
  { weight: 1, kind: '503' },
  { weight: 2, kind: 'drop' },
  { weight: 3, kind: 'drop-after-commit' },
  { weight: 3, kind: 'delay', ms: 900 },
];

/** What a process asks when it starts: one that is not let in ends, and that is for whoever looks after it to see. */
const AT_START = ['auth.test', 'token'];

/** Bad weather on every edge of the sandbox. */
export function createWeather({ fhir, slack, teams }: Sandbox, random: Random): Weather {
  const faults = new Map<string, number>();
  const outages = new Map<Edge, number>();

  const isOut = (edge: Edge) => Date.now() < (outages.get(edge) ?? 0);
  const count = <F extends { readonly kind: string }>(edge: string, fault: F): F => {
    const name = `${edge} ${fault.kind}`;
    faults.set(name, (faults.get(name) ?? 0) + 1);
    return fault;
  };

  const dice = { fhir: random.branch('fhir'), slack: random.branch('slack'), teams: random.branch('teams') };
  fhir.faults.setWeather((kinds, { writes }): Fault | undefined => {
    const isHook =
      kinds.includes('lose-webhook') || kinds.includes('double-webhook') || kinds.includes('late-webhook');
    if (isOut('fhir') && kinds.includes('drop')) return count('fhir', { kind: 'drop' } as const);
    const possible = (isHook ? WEBHOOK : FHIR).filter(
      ({ kind }) => kinds.includes(kind) && (writes || (kind !== 'conflict' && kind !== 'drop-after-commit')),
    );
    if (possible.length === 0) return undefined;
    const all = (isHook ? WEBHOOK : FHIR).reduce((sum, { weight }) => sum + weight, 0);
    const share = possible.reduce((sum, { weight }) => sum + weight, 0) / all;
    if (!dice.fhir.chance((isHook ? RISK.webhook : RISK.fhir) * share)) return undefined;
    return count(isHook ? 'webhook' : 'fhir', dice.fhir.weighted(possible));
  });
  slack.setWeather((method) => {
    if (AT_START.includes(method) || method === 'response_url') return undefined;
    if (isOut('slack')) return count('slack', { kind: 'drop' } as const);
    return dice.slack.chance(RISK.slack) ? count('slack', dice.slack.weighted(SLACK)) : undefined;
  });
  teams.setWeather((operation) => {
    if (AT_START.includes(operation)) return undefined;
    if (isOut('teams')) return count('teams', { kind: 'drop' } as const);
    if (!dice.teams.chance(RISK.teams)) return undefined;
    const fault = dice.teams.weighted(TEAMS);
    // Of a new message whose answer is lost nobody can be asked.
    const isLost = fault.kind === 'drop-after-commit' && (operation === 'create' || operation === 'post');
    return count(isLost ? LOST : 'teams', fault);
  });

  return {
    faults,
    outage: (edge, ms) => {
      outages.set(edge, Date.now() + ms);
      count(edge, { kind: 'outage' });
    },
    clear: () => {
      outages.clear();
      fhir.faults.setWeather(undefined);
      fhir.faults.clear();
      slack.setWeather(undefined);
      teams.setWeather(undefined);
    },
  };
}

/** Under this name stand the questions of ours that Teams lost. */
const LOST = 'teams, of a new message,';

/** How many new messages Teams made without our hearing of it. */
export function lostQuestions({ faults }: Weather): number {
  return [...faults].reduce((sum, [name, times]) => (name.startsWith(LOST) ? sum + times : sum), 0);
}
