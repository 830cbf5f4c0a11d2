import * as fc from 'fast-check';
import { scenario, Scenario } from '../graph/router/arbitrary';
import { RAW_PATHS } from '../graph/router/arbitrary-conditions';
import { compare, Comparison } from '../graph/router/compare';
import { exampleScenarios } from '../graph/router/examples';
import { RouterRooms } from '../graph/router/real-router';
import { SLOW } from '../graph/router/slow';
import { KServeRelease } from '../../src';
import { binary } from './bench/tools';

/** How many graphs, and from which seed: `ROUTER_GRAPHS=2000 ROUTER_SEED=7` for a long run by hand. */
const GRAPHS = Number(process.env.ROUTER_GRAPHS ?? 400);
const SEED = Number(process.env.ROUTER_SEED ?? 20);
const ROOMS = 3;

describe.each([
  { release: 'v0.20', splitterExact: true, graphs: GRAPHS },
  { release: 'v0.16', splitterExact: false, graphs: GRAPHS / 4 },
])('the simulator against the router of KServe $release', ({ release, splitterExact, graphs }) => {
  const router = binary(`kserve-${release}`, 'router');
  let rooms: RouterRooms;

  beforeAll(() => { rooms = new RouterRooms(ROOMS); });
  afterAll(() => rooms.close());

  async function expectSame(scenarios: Scenario[]): Promise<void> {
    const results = await Promise.all(scenarios.map((one) => compare(rooms, router, splitterExact, one)));
    const sum = (count: (result: Comparison) => number) => results.reduce((total, result) => total + count(result), 0);
    console.log(`${release}: ${scenarios.length} graphs, ${sum((r) => r.compared)} requests compared, ${sum((r) => r.skipped)} with too many outcomes, ${sum((r) => r.possible)} outcomes allowed`);

    expect(sum((r) => r.compared)).toBeGreaterThan(0.9 * scenarios.length);
    expect(results.flatMap(({ differences }) => differences).slice(0, 5)).toEqual([]);
  }

  test('random graphs give the same answers and calls', async () => {
    await expectSame(fc.sample(scenario, { seed: SEED, numRuns: graphs }));
  }, 1_800_000);

  test('every example gives the same answers and calls', async () => {
    await expectSame(exampleScenarios(KServeRelease.of(release), 25));
  }, 600_000);

  test('every raw path finds the same', async () => {
    const bodies = fc.sample(scenario, { seed: SEED + 1, numRuns: 60 }).flatMap(({ requests }) => requests);
    await expectSame(RAW_PATHS.map((condition): Scenario => ({
      spec: { nodes: { root: { routerType: 'Switch', steps: [{ condition, serviceUrl: 'http://127.0.0.1:9000/s' }] } } },
      services: { s: { status: 200, body: '{}', delay: 0, hangUp: false } },
      requests: bodies.slice(0, 60),
    })));
  }, 600_000);

  test('slow steps and time-outs end the same way', async () => {
    await expectSame(SLOW);
  }, 600_000);
});
