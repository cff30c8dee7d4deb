import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { LedgerError } from '../runtime/ports/ledger.ts';

/** Whoever wants to know how the database answers. */
export interface LedgerWatch {
  worked(): void;
  failed(state: 'unreachable' | 'refused'): void;
}

/** A dialect whose errors say whether the database is away, and which tells how it answers. */
export function watchedDialect(dialect: Dialect, watch: LedgerWatch): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => new WatchedDriver(dialect.createDriver(), watch),
  };
}

class WatchedDriver implements Driver {
  readonly #driver: Driver;
  readonly #watch: LedgerWatch;

  constructor(driver: Driver, watch: LedgerWatch) {
    this.#driver = driver;
    this.#watch = watch;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new WatchedConnection(await this.#driver.acquireConnection(), this.#watch);
    } catch (error) {
      throw told(error, this.#watch, false);
    }
  }

  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(inner(connection), settings);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.commitTransaction(inner(connection));
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.#driver.rollbackTransaction(inner(connection));
  }

  releaseConnection(connection: DatabaseConnection): Promise<void> {
    return this.#driver.releaseConnection(inner(connection));
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class WatchedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #watch: LedgerWatch;

  constructor(connection: DatabaseConnection, watch: LedgerWatch) {
    this.inner = connection;
    this.#watch = watch;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      const result = await this.inner.executeQuery<R>(query);
      this.#watch.worked();
      return result;
    } catch (error) {
      throw told(error, this.#watch, query.query.kind !== 'SelectQueryNode');
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

function inner(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof WatchedConnection ? connection.inner : connection;
}

function told(error: unknown, watch: LedgerWatch, inDoubt: boolean): unknown {
  const state = stateBehind(error);
  if (state === undefined) {
    watch.worked();
    return error;
  }
  watch.failed(state);
  return new LedgerError(state, { cause: error, inDoubt });
}

/**
 * What an error says of the database itself; undefined where it has answered, and not liked the statement.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function stateBehind(error: unknown): 'unreachable' | 'refused' | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(28...|3D000)$/.test(code)) return 'refused';
  if (/^(08...|57P0[1-5]|53[0-9]..)$/.test(code)) return 'unreachable';
  // What has no code of PostgreSQL's never came from it: a connection that was refused, lost or not answered in time.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? undefined : 'unreachable';
}
