import { databases, type Home } from '../test/support/unit-postgres.ts';

/** A database of its own on the PostgreSQL server that the tests use; throws where none answers. */
export async function postgres(): Promise<Home & { readonly url: string }> {
  const shared = (await databases()).find((one) => one.shared);
  if (!shared) throw new Error('There is no PostgreSQL to measure with (TEST_DATABASE_URL).');
  const home = await shared.create();
  if (!('url' in home.where)) throw new Error('A server has a URL.');
  return { ...home, url: home.where.url };
}
