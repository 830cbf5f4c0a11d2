/**
 * Runs KServe's router beside small HTTP servers that play its services. Started
 * in a network namespace of its own, because the router always listens on 8080.
 * Reads one job per line from stdin and writes one result per line to stdout, both
 * in base64, because readers of lines also break them at U+2028.
 */
import { spawn } from 'node:child_process';
import { createServer, IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Call, callsOf, Job, JobResult, RealAnswer, ServicePlan } from './jobs';

const ROUTER_PORT = 8080;
const SERVICE_PORT = 9000;

let services: { [id: string]: ServicePlan } = {};
let calls: Call[] = [];

const server = createServer(async (req, res) => {
  const body = await text(req);
  const id = req.url!.slice(1);
  calls.push({ service: id, body, headers: req.headers as { [name: string]: string } });
  const plan = services[id];
  if (plan === undefined) {
    res.writeHead(599).end();
    return;
  }
  if (plan.delay > 0) {
    await pause(plan.delay);
  }
  if (plan.hangUp) {
    req.socket.destroy();
    return;
  }
  res.writeHead(plan.status, { 'Content-Type': 'application/json' });
  res.end(plan.body);
});

// a connection that is closed for idleness while the router writes into it loses the call, which Go sends only once
server.keepAliveTimeout = 0;

async function run(job: Job): Promise<JobResult> {
  services = job.services;
  const router = spawn(job.router, ['--graph-json', JSON.stringify(job.graph)], {
    stdio: 'ignore',
    env: job.propagate === undefined ? {} : { PROPAGATE_HEADERS: job.propagate.join(',') },
  });
  const ended = () => router.exitCode !== null || router.signalCode !== null;
  try {
    await listening();
    const answers: RealAnswer[] = [];
    for (const request of job.requests) {
      calls = [];
      const answer = await ask(request.body, request.headers);
      await allCalls(answer.status, request.possibleCalls, ended);
      answers.push({ ...answer, calls, ended: ended() });
    }
    return { answers };
  } finally {
    router.kill('SIGKILL');
    await new Promise((done) => ended() ? done(0) : router.once('exit', done));
  }
}

/** Waits for the calls of members of an ensemble that nobody waits for; one that came later would be taken for the next request's. */
async function allCalls(status: number, possible: readonly string[], ended: () => boolean): Promise<void> {
  const most = Math.max(...possible.map((one) => (one === '' ? 0 : one.split(' ').length)));
  const isPossible = () => status === 0 || possible.includes(callsOf(calls)); // a router that hangs up tells nothing
  const deadline = performance.now() + 60_000;
  for (let quiet = 0; !isPossible() || (calls.length < most && quiet < 60);) {
    if (ended() || performance.now() > deadline) {
      return; // the comparison tells what is missing
    }
    const seen = calls.length;
    await pause(3);
    quiet = calls.length === seen ? quiet + 3 : 0;
  }
}

async function ask(body: string, headers: { [name: string]: string }): Promise<Omit<RealAnswer, 'calls' | 'ended'>> {
  return new Promise((done) => {
    const closed = () => done({ status: 0, body: '', contentType: '' });
    const req = httpRequest({ host: '127.0.0.1', port: ROUTER_PORT, method: 'POST', path: '/', headers, agent: false }, (res) => {
      text(res).then((answer) => done({ status: res.statusCode!, body: answer, contentType: res.headers['content-type'] ?? '' }), closed);
    });
    req.on('error', closed);
    req.end(body);
  });
}

async function listening(): Promise<void> {
  for (let i = 0; i < 2000; i++) {
    const open = await new Promise((done) => {
      const socket = connect(ROUTER_PORT, '127.0.0.1', () => { socket.destroy(); done(true); });
      socket.on('error', () => done(false));
    });
    if (open) {
      return;
    }
    await pause(5);
  }
  throw new Error('the router does not listen');
}

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function pause(millis: number): Promise<void> {
  return new Promise((done) => setTimeout(done, millis));
}

server.listen(SERVICE_PORT, '127.0.0.1', async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const result = await run(JSON.parse(Buffer.from(line, 'base64').toString())).catch((error: Error): JobResult => ({ answers: [], error: error.message }));
    process.stdout.write(`${Buffer.from(JSON.stringify(result)).toString('base64')}\n`);
  }
  process.exit(0);
});
