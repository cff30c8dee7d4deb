import nock from 'nock';
import { describe, expect, it } from 'vitest';
import { MEI, SMBA, TENANT, teamsApi } from '../../support/teams-connector.ts';
import { closedNetwork } from '../../support/unit-slack.ts';

closedNetwork();

const MEMBER = '/emea/v3/conversations/a%3A1/members/29%3Amei';

/** What the profile says of Mei when Teams answers this about her. */
async function profileOf(member: object) {
  nock(SMBA).get(MEMBER).reply(200, member);
  const { api, conversations } = teamsApi();
  await conversations.learn({
    serviceUrl: `${SMBA}/emea/`,
    conversation: { id: 'a:1', tenantId: TENANT },
    from: { id: '29:mei', aadObjectId: MEI.id },
  });
  return api.profile(MEI);
}

describe('a profile in Teams', () => {
  const mei = {
    email: 'mei@riverside.example',
    userPrincipalName: 'mei.t@riverside.example',
    tenantId: TENANT,
  };

  it.each([
    ['one of us', {}, false],
    ['one of us, with the tenant in capitals', { tenantId: TENANT.toUpperCase() }, false],
    ['one of us, where Teams names no tenant', { tenantId: undefined }, false],
    ['a guest by their role', { userRole: 'guest' }, true],
    ['a guest by their name', { userPrincipalName: 'mei_x.example#EXT#@riverside.example' }, true],
    [
      'a guest by their name in small letters',
      { userPrincipalName: 'mei_x.example#ext#@riverside.example' },
      true,
    ],
    ['somebody of another tenant', { tenantId: crypto.randomUUID() }, true],
  ])('says of %s whether they are an outsider', async (_who, more, outsider) => {
    expect(await profileOf({ ...mei, ...more })).toEqual({ email: mei.email, outsider });
  });

  it('takes the name that they sign in with where there is no e-mail address', async () => {
    expect((await profileOf({ ...mei, email: undefined })).email).toBe(mei.userPrincipalName);
    expect((await profileOf({ tenantId: TENANT })).email).toBeUndefined();
  });
});

describe('somebody whom we have not met where Teams would tell us', () => {
  const CREATE = '/teams/v3/conversations';
  const CHAT = '/teams/v3/conversations/a%3Amei/members/aad-mei';

  it('is looked up in their chat with us: a message action may come from a place that we are not in', async () => {
    nock(SMBA).post(CREATE).reply(201, { id: 'a:mei' });
    nock(SMBA).get(CHAT).reply(200, { email: 'mei@riverside.example', tenantId: TENANT, userRole: 'guest' });
    const { api } = teamsApi();

    expect(await api.profile(MEI)).toEqual({ email: 'mei@riverside.example', outsider: true });
  });

  it('is looked up there too where we have been removed since', async () => {
    nock(SMBA)
      .get(MEMBER)
      .reply(403, { error: { code: 'BotNotInConversationRoster' } });
    nock(SMBA).post('/emea/v3/conversations').reply(201, { id: 'a:mei' });
    nock(SMBA)
      .get('/emea/v3/conversations/a%3Amei/members/aad-mei')
      .reply(200, { email: 'mei@riverside.example', tenantId: TENANT });
    const { api, conversations } = teamsApi();
    await conversations.learn({
      serviceUrl: `${SMBA}/emea/`,
      conversation: { id: 'a:1', tenantId: TENANT },
      from: { id: '29:mei', aadObjectId: MEI.id },
    });

    expect(await api.profile(MEI)).toEqual({ email: 'mei@riverside.example', outsider: false });
  });

  it('has no e-mail address where nobody of that name can be written to', async () => {
    nock(SMBA)
      .post(CREATE)
      .reply(403, { error: { code: 'ForbiddenOperationException' } });

    expect(await teamsApi().api.profile(MEI)).toEqual({ email: undefined, outsider: false });
  });
});
