import { Counter, Histogram, Registry } from 'prom-client';

/** Seconds: a card that follows at once, and one that waited for a throttled channel. */
const CARD_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];
/** Seconds: Slack drops what is not acknowledged within three. */
const ANSWER_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30];

/**
 * What is counted and timed while we work. A registry of its own, so that two services of one process do not mix. Labels
 * are words of ours and of the configuration, of which there are few: never an id.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `switchboard_${name}`, help, labelNames, registers });

  return {
    registry,
    card: new Histogram({
      name: 'switchboard_task_change_to_card_seconds',
      help: 'From a change of a Task, as the record stamped it, to the card that says so.',
      labelNames: ['platform', 'step'],
      buckets: CARD_BUCKETS,
      registers,
    }),
    answer: new Histogram({
      name: 'switchboard_press_to_answer_seconds',
      help: 'From a press, a dialog or typed words to the answer.',
      labelNames: ['word', 'kind'],
      buckets: ANSWER_BUCKETS,
      registers,
    }),
    refusals: counter('refusals_total', 'Answers that said no, by the kind of reason.', ['word', 'reason']),
    commits: counter('commits_total', 'Changes of the record, by what came of them.', ['outcome']),
    escalations: counter('escalation_steps_total', 'Steps of escalation ladders that were taken.', ['step']),
    requests: counter('fhir_requests_total', 'Requests to the FHIR server.', ['operation', 'outcome']),
    units: counter('fhir_quota_units_total', 'Units of the FHIR quota that these cost.', ['operation']),
    posts: counter('posts_total', 'Messages that were posted.', ['platform', 'about']),
    doubts: counter('posts_in_doubt_total', 'Posts whose answer was lost.', ['platform']),
    settled: counter('posts_in_doubt_settled_total', 'Posts in doubt, by whether the platform has them.', [
      'platform',
      'found',
    ]),
    maybeTwice: counter(
      'posts_maybe_twice_total',
      'Posts whose answer was lost and that were not found again: where they are posted anew, two may stand.',
      ['platform'],
    ),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
