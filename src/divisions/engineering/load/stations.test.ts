import { expect, test, vi } from "vitest";
import { asymptoticBounds, meanValueAnalysis, trafficRates } from "./networks.ts";
import { simulateStation } from "./simulate-station.ts";
import { anyService, erlangB, erlangC, limitedRoom, manyServers } from "./stations.ts";

// Much is computed here; a machine that does much else is slow, and only a failure takes this long.
vi.setConfig({ testTimeout: 60_000 });

test("10 erlangs at 14 agents: 17.4 % wait, 88.8 % within 20 s, 7.8 s on average (a worked example of call-centre textbooks)", () => {
  const figures = manyServers(200 / 3_600, 1 / 180, 14);
  expect(erlangC(14, 10)).toBeCloseTo(0.1741, 4);
  expect(figures.meanWaitSeconds).toBeCloseTo(7.84, 2);
  expect(figures.waitQuantile?.(0.888)).toBeCloseTo(20, 0);
});

test("30 calls an hour of 5 minutes: six people are the fewest at whom 90 % need not wait (Wolfram, ErlangC, applications)", () => {
  expect(1 - erlangC(5, 2.5)).toBeLessThan(0.9);
  expect(1 - erlangC(6, 2.5)).toBeGreaterThan(0.9);
});

test("4.4612 erlangs at 10 lines lose 1 % (the Erlang B table)", () => {
  expect(erlangB(10, 4.4612)).toBeCloseTo(0.01, 5);
  expect(limitedRoom(4.4612, 1, { servers: 10, room: 10 }).lossShare).toBeCloseTo(0.01, 5);
});

test("M/M/2/7 with 50 arrivals and 37 services an hour, as a published table has it", () => {
  const figures = limitedRoom(50, 37, { servers: 2, room: 7 });
  expect(figures.meanInSystem).toBeCloseTo(2.0711, 4);
  expect(figures.meanWaiting).toBeCloseTo(0.7552, 4);
  expect(figures.throughputPerSecond).toBeCloseTo(48.6876, 4);
  expect(figures.utilisation).toBeCloseTo(0.65794, 5);
  expect(figures.meanResponseSeconds).toBeCloseTo(0.0425, 4);
  expect(figures.meanWaitSeconds).toBeCloseTo(0.0155, 4);
});

test("M/M/1 by hand: 8 of 10 a second", () => {
  const figures = manyServers(8, 10, 1);
  expect(figures).toMatchObject({ utilisation: 0.8, lossShare: 0 });
  expect(figures.meanInSystem).toBeCloseTo(4, 12);
  expect(figures.meanWaiting).toBeCloseTo(3.2, 12);
  expect(figures.meanResponseSeconds).toBeCloseTo(0.5, 12);
  // W is exponential with rate mu - lambda.
  expect(figures.responseQuantile?.(0.95)).toBeCloseTo(-Math.log(0.05) / 2, 9);
});

test("the limits of one model are the others", () => {
  expect(anyService(8, 10, 1).meanWaitSeconds).toBeCloseTo(manyServers(8, 10, 1).meanWaitSeconds, 12);
  expect(anyService(8, 10, 0).meanWaitSeconds).toBeCloseTo(manyServers(8, 10, 1).meanWaitSeconds / 2, 12);
  expect(limitedRoom(8, 10, { servers: 3, room: 2_000 }).meanWaitSeconds).toBeCloseTo(manyServers(8, 10, 3).meanWaitSeconds, 9);
  // Room for a crowd: the closed form of M/M/1/K with rho = 2.
  expect(limitedRoom(2, 1, { servers: 1, room: 5_000 }).lossShare).toBeCloseTo(0.5, 9);
  // Almost all are turned away: what is served is what the server can do, to the last digit.
  expect(limitedRoom(300, 1e-6, { servers: 1, room: 6 }).throughputPerSecond).toBeCloseTo(1e-6, 15);
});

test("two jobs at a processor and two disks (Menascé, Almeida & Dowdy, Performance by Design, 2004, ch. 12)", () => {
  const stations = [10, 7.5, 15].map((demandSeconds, index) => ({ name: String(index), kind: "queue", demandSeconds }) as const);
  const [, two] = meanValueAnalysis(stations, 0, 2);
  expect(two?.stations.map(({ meanJobs }) => Number(meanJobs.toFixed(4)))).toEqual([0.5913, 0.4174, 0.9913]);
});

test("machines and one repairman: mean value analysis meets the birth and death process", () => {
  const [machines, fail, repair] = [8, 1 / 50, 1 / 5];
  let [weight, sum, busy] = [1, 1, 0];
  for (let down = 1; down <= machines; down++) {
    weight *= ((machines - down + 1) * fail) / repair;
    sum += weight;
    busy += weight;
  }
  const figures = meanValueAnalysis([{ name: "repairman", kind: "queue", demandSeconds: 5 }], 50, machines).at(-1);
  expect(figures?.stations[0]?.utilisation).toBeCloseTo(busy / sum, 12);
});

test("exact figures lie within the asymptotic bounds and obey Little's law at every population", () => {
  const stations = [
    { name: "cpu", kind: "queue", demandSeconds: 0.605 },
    { name: "disk", kind: "queue", demandSeconds: 2.1 },
    { name: "wire", kind: "delay", demandSeconds: 1.35 },
  ] as const;
  for (const [index, { throughputPerSecond, responseSeconds, stations: told }] of meanValueAnalysis(stations, 15, 60).entries()) {
    const jobs = index + 1;
    const bounds = asymptoticBounds(stations, 15, jobs);
    expect(throughputPerSecond).toBeLessThanOrEqual(bounds.mostThroughputPerSecond + 1e-12);
    expect(throughputPerSecond).toBeGreaterThanOrEqual(bounds.leastThroughputPerSecond - 1e-12);
    expect(responseSeconds).toBeGreaterThanOrEqual(bounds.leastResponseSeconds - 1e-9);
    expect(throughputPerSecond * (15 + responseSeconds)).toBeCloseTo(jobs, 9);
    expect(told.reduce((total, one) => total + one.meanJobs, 0)).toBeCloseTo(throughputPerSecond * responseSeconds, 9);
  }
});

test("traffic flows through loops, and a loop without a way out is told", () => {
  // Half of the jobs of the second node go back to the first: each is visited twice.
  expect(
    trafficRates(
      [1, 0],
      [
        [0, 1],
        [0.5, 0],
      ],
    )?.map((rate) => Number(rate.toFixed(9))),
  ).toEqual([2, 2]);
  expect(
    trafficRates(
      [1, 0],
      [
        [0, 1],
        [1, 0],
      ],
    ),
  ).toBeNull();
});

test.each([
  ["M/M/1", { kind: "exponential", meanSeconds: 1 }, 1, null, manyServers(0.7, 1, 1)],
  ["M/D/1", { kind: "fixed", meanSeconds: 1 }, 1, null, anyService(0.7, 1, 0)],
  ["M/E4/1", { kind: "erlang", meanSeconds: 1, stages: 4 }, 1, null, anyService(0.7, 1, 0.5)],
  ["M/G/1, lognormal", { kind: "lognormal", meanSeconds: 1, variation: 1.2 }, 1, null, anyService(0.7, 1, 1.2)],
  ["M/M/3", { kind: "exponential", meanSeconds: 3.5 }, 3, null, manyServers(0.7, 1 / 3.5, 3)],
  ["M/M/2/4", { kind: "exponential", meanSeconds: 4 }, 2, 4, limitedRoom(0.7, 1 / 4, { servers: 2, room: 4 })],
] as const)("the simulation of %s has the closed form within its own interval", (_name, service, servers, room, closed) => {
  const arrivals = { kind: "exponential", meanSeconds: 1 / 0.7 } as const;
  const figures = simulateStation({ arrivals, service, servers, room, jobs: 200_000, seed: 11 });
  for (const [name, exact] of [
    ["meanResponseSeconds", closed.meanResponseSeconds],
    ["meanWaitSeconds", closed.meanWaitSeconds],
  ] as const) {
    expect(figures[name].low).toBeLessThan(exact);
    expect(figures[name].high).toBeGreaterThan(exact);
    expect(figures[name].high - figures[name].low).toBeLessThan(exact / 4);
  }
  expect(figures.utilisation).toBeCloseTo(closed.utilisation, 1);
  expect(figures.lossShare).toBeCloseTo(closed.lossShare, 2);
});

test("an interval of 95 % misses the true mean in about 5 of 100 seeds", () => {
  const exact = manyServers(0.5, 1, 1).meanResponseSeconds;
  const arrivals = { kind: "exponential", meanSeconds: 2 } as const;
  const service = { kind: "exponential", meanSeconds: 1 } as const;
  const hits = Array.from({ length: 100 }, (_, seed) =>
    simulateStation({ arrivals, service, servers: 1, room: null, jobs: 10_000, seed }),
  ).filter(({ meanResponseSeconds: { low, high } }) => low <= exact && exact <= high);
  expect(hits.length).toBeGreaterThanOrEqual(88);
});
