import { beforeEach, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/server.ts';
import { connect } from '../../src/medplum/client.ts';
import { createReserve, inBackground, type Reserve } from '../../src/medplum/reserve.ts';

const header = (left: number, seconds: number) =>
  `"requests";r=59499;t=${seconds}, "fhirInteractions";r=${left};t=${seconds}`;

describe('the reserve of the quota', () => {
  let now: number;
  let pauses: number[];
  let reserve: Reserve;

  beforeEach(() => {
    now = 1_000_000;
    pauses = [];
    reserve = createReserve(
      () => now,
      async (ms) => {
        pauses.push(ms);
        now += ms;
      },
    );
  });

  const turnInBackground = () => inBackground(reserve.turn)();

  it('is for people: what can wait waits until the next window, as soon as less than a tenth is left', async () => {
    reserve.heard(header(50_000, 60));
    reserve.heard(header(4_999, 42));

    await reserve.turn();
    const byPeople = [...pauses];
    await turnInBackground();

    expect(byPeople).toEqual([]);
    expect(pauses).toHaveLength(1);
    expect(pauses[0]).toBeGreaterThanOrEqual(42_000);
    expect(pauses[0]).toBeLessThanOrEqual(43_000);
  });

  it.each([
    ['a tenth is left', () => reserve.heard(header(5_000, 42))],
    ['nothing was ever said', () => {}],
    ['the server says nothing of it', () => reserve.heard(null)],
    [
      'the window is over',
      () => {
        reserve.heard(header(0, 5));
        now += 5_000;
      },
    ],
  ])('keeps nobody waiting where %s', async (what, hear) => {
    if (what === 'a tenth is left') reserve.heard(header(50_000, 60));
    hear();

    await turnInBackground();

    expect(pauses).toEqual([]);
  });

  it('knows work that can wait by where it began, however deep it is by now', async () => {
    reserve.heard(header(1_000, 60));
    reserve.heard(header(0, 60));
    const deep = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all([reserve.turn()]);
    };

    await deep();
    const byPeople = pauses.length;
    await inBackground(deep)();

    expect([byPeople, pauses.length]).toEqual([0, 1]);
  });
});

describe('a client whose quota is nearly used up', () => {
  it('still reads for people, and lets the others wait', async () => {
    const sandbox: Sandbox = await startSandbox({ quota: 10_000 });
    const client = await connect({ baseUrl: sandbox.url, clientId: 'sandbox', clientSecret: 'sandbox' });
    const read = async () => client.search('Task', '_count=1', { cache: 'no-store' });
    await inBackground(read)();
    sandbox.fhir.quota.charge(9_200);
    await read();
    let isDone = false;

    const waiting = inBackground(read)().then(() => {
      isDone = true;
    });
    for (let i = 0; i < 5; i++) await read();

    expect(isDone).toBe(false);
    waiting.catch(() => undefined);
    await sandbox.close();
  });
});
