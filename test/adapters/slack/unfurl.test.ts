import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANA, BEN } from '../../support/contract-driver.ts';
import { NURSES, openWorkspace, type Workspace } from '../../support/contract-workspace.ts';
import { buttonsOf } from '../../support/flow-card.ts';
import { eventually } from '../../support/flow-wait.ts';
import { plainCard } from '../../support/unit-cards.ts';

const LINK = 'https://app.medplum.com/Task/a1b2c3d4?x=1&y=2';
const SURFACE = { platform: 'slack', kind: 'channel', id: NURSES };

describe('a link to a Task in Slack', () => {
  let workspace: Workspace;

  beforeEach(async () => {
    workspace = await openWorkspace();
    workspace.desk.card = plainCard();
  });
  afterEach(() => workspace.close());

  const say = (text: string, channel = NURSES) => workspace.slack.say({ user: ANA, channel, text });
  const attached = ({ channel, ts }: { channel: string; ts: string }) =>
    workspace.slack.messages(channel).find((one) => one.ts === ts)?.attachments ?? [];
  const unfurls = () => workspace.slack.calls().filter(({ method }) => method === 'chat.unfurl');

  it('is shown as the card that its channel may see', async () => {
    const message = say(`Who takes ${LINK}?`);

    await eventually(() => expect(attached(message)).toHaveLength(1));
    const [card] = attached(message);
    expect(card).toMatchObject({ app_unfurl_url: LINK });
    expect(buttonsOf({ blocks: card?.blocks as [] })).toEqual(['Claim']);
    expect(workspace.desk.unfurled).toEqual([{ link: LINK, surface: SURFACE }]);
  });

  it('is shown once for each Task, and at most five times in a message', async () => {
    const links = Array.from({ length: 8 }, (_, i) => `https://app.medplum.com/Task/${i}`);

    const message = say([...links, ...links].join(' '));

    await eventually(() => expect(attached(message)).toHaveLength(5));
    expect(unfurls()).toHaveLength(1);
  });

  it('stays a link where there is no card for it', async () => {
    workspace.desk.card = undefined;

    const message = say(LINK);

    await eventually(() => expect(workspace.desk.unfurled).toHaveLength(1));
    await workspace.platform.stop();
    expect(attached(message)).toEqual([]);
    expect(unfurls()).toEqual([]);
  });

  it('is previewed while it is being written, as a place that nobody knows may see it', async () => {
    const { unfurl_id } = await workspace.slack.compose({ user: ANA, text: LINK });

    await eventually(() => expect(workspace.slack.previews(unfurl_id)).toHaveLength(1));
    expect(workspace.desk.unfurled).toEqual([
      { link: LINK, surface: { platform: 'slack', kind: 'channel', id: 'COMPOSER' } },
    ]);
  });

  it('is shown in a channel that the bot is not in, and in direct messages', async () => {
    workspace.slack.setChannel({ id: 'C0OTHERS', is_member: false });

    const message = say(LINK, 'C0OTHERS');

    await eventually(() => expect(attached(message)).toHaveLength(1));
  });

  it('can be pressed: whoever pressed is told, and the card is drawn as it is now', async () => {
    const message = say(LINK);
    await eventually(() => expect(attached(message)).toHaveLength(1));
    workspace.desk.answer = { kind: 'done', sentence: 'It is yours now.' };
    workspace.desk.card = plainCard({ buttons: [], lines: [['✅ Ben Carter claimed this.']] });

    const said = await workspace.answer(BEN, () =>
      workspace.slack.press({ user: BEN, channel: NURSES, ts: message.ts, action_id: 'claim' }),
    );

    expect(said).toBe('It is yours now.');
    await eventually(() => expect(JSON.stringify(attached(message))).toContain('Ben Carter claimed this.'));
    expect(attached(message)).toHaveLength(1);
    expect(workspace.desk.requests).toEqual([
      { verb: 'claim', task: 'a1b2c3d4', by: workspace.userOf(BEN), inputs: {} },
    ]);
    expect(workspace.sentences(ANA)).toEqual([]);
  });

  it('is drawn again after the dialog that a press in it opened', async () => {
    workspace.desk.card = plainCard({
      buttons: [{ verb: 'reroute', label: 'Reroute', taskId: 'a1b2c3d4', asks: true }],
    });
    const message = say(LINK);
    await eventually(() => expect(attached(message)).toHaveLength(1));
    const press = { user: BEN, channel: NURSES, ts: message.ts, action_id: 'reroute' };
    const view = await workspace.dialog(BEN, () => workspace.slack.press(press));
    workspace.desk.card = plainCard({ buttons: [], lines: [['➡️ Rerouted.']] });

    await workspace.submit(BEN, view, { target: 'cardio', reason: 'workload' });

    await eventually(() => expect(JSON.stringify(attached(message))).toContain('Rerouted.'));
  });

  it.each(['cannot_find_message', 'cannot_unfurl_url', 'internal_error'])(
    'stays a link where Slack says %s, with a line in the log and without its address',
    async (code) => {
      workspace.slack.addFault({ kind: 'error-code', code, method: 'chat.unfurl' });

      const message = say(LINK);

      await eventually(() => expect(workspace.logged.join()).toContain('a link stays a link'));
      expect(attached(message)).toEqual([]);
      expect(workspace.logged.join()).not.toContain('app.medplum.com');
    },
  );
});
