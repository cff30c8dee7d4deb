import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { teams } from '../../../adapters/teams/index.ts';
import { type App, openApp } from '../../support/contract-app.ts';
import { KEY, WAITING } from '../../support/contract-cards.ts';
import { ANA } from '../../support/contract-driver.ts';
import { chatErrorOf } from '../../support/unit-slack.ts';

const NURSES = '19:registered-nurses@thread.tacv2';
const SURFACE = { platform: 'teams', kind: 'channel', id: NURSES } as const;
const SINCE = new Date(0);

let app: App;

beforeEach(async () => {
  app = await openApp(teams);
});
afterEach(() => app.close());

const cards = () => app.sandbox.teams.messages(NURSES).filter(({ attachments }) => attachments.length > 0);
const lines = () => app.sandbox.teams.messages(NURSES).filter(({ attachments }) => attachments.length === 0);
const post = (card = 'card-1') => app.platform.post(SURFACE, WAITING, { ...KEY, card });
const operations = () => app.sandbox.teams.calls().map(({ operation }) => operation);

describe('a post to Teams', () => {
  it('is one thread, whose first message is the card', async () => {
    await post();

    expect(cards()).toHaveLength(1);
    expect(cards()[0]).toMatchObject({ root: cards()[0]?.activityId, summary: WAITING.notification });
    expect(lines()).toEqual([]);
  });

  it.each(['drop-after-commit', 'drop', '500', '502', '503', '504'] as const)(
    'whose first answer is lost (%s) is not found, and posted again it is one card with buttons, never two',
    async (kind) => {
      app.sandbox.teams.addFault({ kind, operation: 'create' });
      const error = await chatErrorOf(post());

      const found = await app.platform.find(SURFACE, KEY, SINCE);
      await post('card-2');

      expect(error.kind).toBe('in-doubt');
      expect(found).toBeUndefined();
      expect(cards()).toHaveLength(1);
      // What is left over says nothing that could become untrue.
      expect(lines().map(({ text }) => text)).toEqual(
        kind === 'drop-after-commit' ? ['A card follows.'] : [],
      );
    },
  );

  it.each(['drop-after-commit', 'drop', '429', '412', '500', '502', '503', '504'] as const)(
    'whose card could not be drawn (%s) is found and drawn, and is one message',
    async (kind) => {
      app.sandbox.teams.addFault({ kind, operation: 'update' });
      const error = await chatErrorOf(post());

      const found = await app.platform.find(SURFACE, KEY, SINCE);
      if (found === undefined) throw new Error('The post was not found.');
      await app.platform.update(found, WAITING);

      expect(error.kind).toBe('in-doubt');
      expect(cards()).toHaveLength(1);
      expect(lines()).toEqual([]);
    },
  );

  it.each(['502', '503', '504', 'drop', '500'] as const)(
    'that is redrawn and meets %s may be tried again by the queue',
    async (kind) => {
      const ref = await post();
      app.sandbox.teams.addFault({ kind, operation: 'update' });

      const error = await chatErrorOf(app.platform.update(ref, WAITING));
      await app.platform.update(ref, WAITING);

      expect(error.kind).toBe('unreachable');
      expect(cards()).toHaveLength(1);
    },
  );

  it('is made with one call each for the message and its card, whatever is answered', async () => {
    app.sandbox.teams.clearCalls();
    app.sandbox.teams.addFault({ kind: '503', operation: 'create' });
    await chatErrorOf(post());
    await post('card-2');

    expect(operations()).toEqual(['create', 'create', 'update']);
  });

  it('that calls the channel announces the card with a mention of the channel', async () => {
    app.sandbox.teams.addFault({ kind: '500', operation: 'update' });
    await chatErrorOf(app.platform.post(SURFACE, { ...WAITING, mention: 'channel' }, KEY));

    const text = '<at>channel</at>';
    expect(lines()).toMatchObject([
      {
        text: `${text} A card follows.`,
        entities: [{ type: 'mention', text, mentioned: { id: NURSES, name: 'channel' } }],
      },
    ]);
  });

  it('is posted without its mention where Teams does not take that, and the log says so', async () => {
    app.sandbox.teams.addFault({ kind: 'bad-argument', operation: 'create' });

    await app.platform.post(SURFACE, { ...WAITING, mention: 'channel' }, KEY);

    expect(cards()).toHaveLength(1);
    expect(app.sandbox.notifications()).toEqual([]);
    expect(app.logged.filter((line) => line.includes('did not take the mention'))).toHaveLength(1);
  });

  it.each(['429', '500', 'roster'] as const)(
    'is not made again without its mention where something else goes wrong: %s',
    async (kind) => {
      app.sandbox.teams.addFault({ kind, operation: 'create' });

      await chatErrorOf(app.platform.post(SURFACE, { ...WAITING, mention: 'channel' }, KEY));

      expect(operations().filter((one) => one === 'create')).toHaveLength(1);
    },
  );

  it('says how many may be sent into one conversation, and that redrawing is not counted', () => {
    const [posts] = app.platform.pace?.(SURFACE, 'post') ?? [];

    expect(posts?.windows).toEqual([
      { most: 7, perMs: 1_000 },
      { most: 8, perMs: 2_000 },
      { most: 60, perMs: 30_000 },
      { most: 1_800, perMs: 3_600_000 },
    ]);
    expect(app.platform.pace?.(SURFACE, 'update')).toEqual([]);
  });

  it.each(['roster', 'blocked', 'disabled'] as const)(
    'is forbidden where the bot is not welcome: %s',
    async (kind) => {
      app.sandbox.teams.addFault({ kind, operation: 'create' });

      expect((await chatErrorOf(post())).kind).toBe('forbidden');
    },
  );

  it('is forbidden in a team that the app was taken out of, and works where it came back', async () => {
    await app.sandbox.teams.uninstall();
    const error = await chatErrorOf(post());
    await app.sandbox.teams.install();

    expect(error.kind).toBe('forbidden');
    await expect(post('card-2')).resolves.toContain(NURSES);
  });
});

describe('a person in Teams', () => {
  it('whom we have never met has no e-mail address yet', async () => {
    const user = { platform: 'teams', tenant: 't', id: 'aad-nobody' };

    expect(await app.platform.profile(user)).toEqual({ email: undefined, outsider: false });
  });

  it('whose profile cannot be read just now is not taken for an outsider', async () => {
    await app.sandbox.teams.say({ user: ANA, conversation: 'personal', text: 'tasks' });
    const person = app.sandbox.teams.people().find(({ id }) => id === ANA);
    const user = { platform: 'teams', tenant: person?.tenantId ?? '', id: person?.aadObjectId ?? '' };
    app.sandbox.teams.addFault({ kind: '503', operation: 'members' });

    const error = await chatErrorOf(app.platform.profile(user));

    expect(error.kind).toBe('unreachable');
    expect(await app.platform.profile(user)).toEqual({ email: person?.email, outsider: false });
  });
});
