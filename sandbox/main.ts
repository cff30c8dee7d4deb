import { startSandbox } from './server.ts';

const app = process.env.SWITCHBOARD_URL;
const sandbox = await startSandbox({
  port: Number(process.env.SANDBOX_PORT ?? 4000),
  page: true,
  ...(app ? { app } : undefined),
});
console.log(`The sandbox clinic is at ${sandbox.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('The sandbox did not close', error);
        process.exit(1);
      },
    );
  });
}
