import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxEvent } from '../sandbox/events.ts';
import type { Sandbox } from '../sandbox/server.ts';

/** Milliseconds from a Task's creation to its message in the Slack channel, one Task after the other. */
export async function measureArrivals({ hub, inbox }: Sandbox, tasks: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < tasks; i++) {
    let created = 0;
    const posted = new Promise<void>((resolve) => {
      const stop = hub.listen((event: SandboxEvent) => {
        if (event.kind === 'fhir' && event.resourceType === 'Task') created = performance.now();
        if (event.kind !== 'slack' || event.what !== 'message') return;
        times.push(performance.now() - created);
        stop();
        resolve();
      });
    });
    await inbox.write({ pool: 'registered-nurse', text: 'How long does this take?' });
    await posted;
    // Slack takes one a second in a channel, and Teams sixty in half a minute; what is measured is not their pace.
    await sleep(1_100);
  }
  return times;
}
