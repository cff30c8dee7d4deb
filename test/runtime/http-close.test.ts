import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { answer, serve } from '../../src/runtime/http.ts';

describe('a server that closes', () => {
  it('still answers whoever had connected when it was told to, however many', async () => {
    const route = {
      method: 'POST',
      path: '/',
      handle: (_request: unknown, response: Parameters<typeof answer>[0]) => answer(response, 200, 'Done.'),
    } as const;
    const server = await serve([route], 0, '127.0.0.1');
    const asks = Array.from({ length: 40 }, () => ask(server.port));

    await server.close(5_000);

    expect(await Promise.all(asks)).toEqual(asks.map(() => 200));
    await expect(ask(server.port)).rejects.toThrow('ECONNREFUSED');
  });
});

function ask(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, method: 'POST', path: '/', agent: false },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode));
      },
    );
    asked.once('error', reject);
    asked.end('{}');
  });
}
