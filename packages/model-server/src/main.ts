#!/usr/bin/env node
import './heap';
import * as nodeModule from 'node:module';
import pino from 'pino';
import { buildModel } from './cli/build';
import { helpText, parseFlags } from './cli/flags';
import { greeting } from './cli/greeting';
import { stackOf } from './errors';
import { writeExample } from './examples/iris';
import { startServer } from './serve';

async function main(): Promise<void> {
  if (!('registerHooks' in nodeModule)) {
    throw new Error(`Node.js 22.15 or later is needed; this is ${process.version}`);
  }
  if (process.argv[2] === 'build') {
    process.stdout.write(`${buildModel(process.argv.slice(3))}\n`);
    return;
  }
  const { settings, warnings, path } = parseFlags(process.argv.slice(2), process.env);
  if (settings.help) {
    process.stdout.write(helpText());
    return;
  }
  const log = pino({ level: settings.log_level, base: null });
  for (const warning of warnings) {
    log.warn(warning);
  }
  const example = settings.example !== undefined;
  const { server, loaded } = await startServer(example ? { ...settings, model_name: settings.model_name ?? settings.example } : settings, example ? writeExample() : path, log, process.env);
  process.send?.({ event: 'listening', httpPort: server.httpPort, grpcPort: server.grpcPort });

  let stopping: Promise<void> | undefined;
  const stop = (signal: string): void => {
    if (stopping !== undefined) {
      return;
    }
    log.info({ signal }, 'the server drains and stops');
    stopping = server.stop().then(() => {
      log.info('the server has stopped');
      process.exit(0);
    });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a failure was not handled'));

  try {
    await loaded;
    process.send?.({ event: 'loaded' });
    if (process.stdout.isTTY || example) {
      process.stdout.write(greeting(server));
    }
  } catch (error) {
    log.fatal({ stack: stackOf((error as Error).cause ?? {}) }, (error as Error).message);
    process.exitCode = 1;
    await server.stop();
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`kserve-model-server: ${(error as Error).message}\n`);
  process.exit(1);
});
