import { describe, expect, it } from 'vitest';
import { createConversations } from '../../../adapters/teams/conversations.ts';
import { MapMemory } from '../../support/contract-app.ts';

describe('a chat in Teams that we come to', () => {
  it('is new once, whoever asks first, and also after a restart', async () => {
    const memory = new MapMemory();
    const conversations = createConversations(memory);

    const first = await Promise.all([conversations.isNew('a:1'), conversations.isNew('a:1')]);
    const restarted = createConversations(memory);

    expect(first).toEqual([true, false]);
    expect(await restarted.isNew('a:1')).toBe(false);
    expect(await restarted.isNew('a:2')).toBe(true);
  });

  it('is new again once we have left it, also after a restart', async () => {
    const memory = new MapMemory();
    const conversations = createConversations(memory);
    await conversations.isNew('a:1');

    await conversations.left('a:1');

    expect(await createConversations(memory).isNew('a:1')).toBe(true);
    expect(await conversations.isNew('a:2')).toBe(true);
  });
});
