const forbidden = (name: string) => (): never => {
  throw new Error(`${name} was used inside a simulation: time, chance and the outside come through ports.`);
};

/** Real timers, the real clock, chance and the network throw while `run` goes on. One run at a time. */
export async function withoutOutside<Result>(run: () => Promise<Result>): Promise<Result> {
  const { setTimeout: timeout, setInterval: interval, fetch: request } = globalThis;
  const { random } = Math;
  const { now } = Date;
  Object.assign(globalThis, { setTimeout: forbidden("setTimeout"), setInterval: forbidden("setInterval"), fetch: forbidden("fetch") });
  Math.random = forbidden("Math.random");
  Date.now = forbidden("Date.now");
  try {
    return await run();
  } finally {
    Object.assign(globalThis, { setTimeout: timeout, setInterval: interval, fetch: request });
    Math.random = random;
    Date.now = now;
  }
}
