/** Runs `task` again and again with a pause after each run, never two at a time. Its failures go to `onError`. */
export function every(pauseMs: number, task: () => Promise<void>, onError: (error: unknown) => void): { stop(): Promise<void> } {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = task().catch(onError).finally(next);
    }, pauseMs);
    timer.unref();
  };
  next();
  return {
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
