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
