import { describe, expect, it } from 'vitest';
import { ConnectorError, LoginError, toChatError } from '../../../adapters/teams/errors.ts';

/** As the library that asks Microsoft's login for tokens words it. */
function loginFailure(errorCode: string, message: string): Error {
  return Object.assign(new Error(message), { errorCode });
}

const DETAILS = 'Trace ID: 6f2c Timestamp: 2026-11-30 for app 1234 in tenant contoso';

it('the code of a refusal is told, for whoever has to look it up', () => {
  const cause = loginFailure('invalid_client', `7000222 AADSTS7000222: ${DETAILS}`);

  expect(new LoginError(cause).message).toBe('the login gave no token: AADSTS7000222');
  expect(new LoginError(loginFailure('network_error', 'down')).message).toBe(
    'the login gave no token: no answer',
  );
});

describe('what is wrong with our credentials', () => {
  it.each([
    [
      'a secret that has expired',
      loginFailure('invalid_client', `7000222 AADSTS7000222: ${DETAILS}`),
      'expired',
    ],
    [
      'a secret that is wrong',
      loginFailure('invalid_client', `7000215 AADSTS7000215: ${DETAILS}`),
      'invalid',
    ],
    [
      'an application that is gone',
      loginFailure('unauthorized_client', `AADSTS700016: ${DETAILS}`),
      'invalid',
    ],
    ['a plain 401', new Error('the login gave no token: 401'), 'invalid'],
  ])('%s is no matter of a channel, and posted nothing', (_what, cause, token) => {
    const error = toChatError(new LoginError(cause), 'posting', true);

    expect(error).toMatchObject({ kind: 'forbidden', token });
    expect(
      JSON.stringify([error.message, String(error.cause), String((error.cause as Error).stack)]),
    ).not.toMatch(/contoso|Trace/);
  });

  it.each([
    ['a network that is down', loginFailure('network_error', 'connect ECONNREFUSED')],
    ['a login that fails', new Error('the login gave no token: 503')],
  ])('%s is no answer, and posted nothing', (_what, cause) => {
    expect(toChatError(new LoginError(cause), 'posting', true)).toMatchObject({
      kind: 'unreachable',
      token: undefined,
    });
  });

  it('a token that the connector does not take is named; a channel that sends us away is none', () => {
    const of = (status: number) =>
      toChatError(new ConnectorError(status, 'Code', undefined), 'posting', true);

    expect(of(401)).toMatchObject({ kind: 'forbidden', token: 'rejected' });
    expect(of(403)).toMatchObject({ kind: 'forbidden', token: undefined });
  });
});
