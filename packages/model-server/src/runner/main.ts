import '../heap';
import { yieldToFront } from './priority';
import { Runner } from './runner';

// the front decides when a runner ends; signals to the process group are not for it
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

yieldToFront();
new Runner(3);
