/** Bytes that one side pushes and the other reads as they come; closing ends the reading. */
export interface BytePipe extends AsyncIterable<Uint8Array> {
  push(bytes: Uint8Array): void;
  close(): void;
}

/** Most bytes that wait for a reader; more means that nobody reads any more, and the pipe closes. */
const maxWaitingBytes = 67_108_864;

export function bytePipe(): BytePipe {
  const waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isClosed = false;
  let wake = (): void => {};
  return {
    push(bytes) {
      if (isClosed) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waitingBytes > maxWaitingBytes) isClosed = true;
      wake();
    },
    close() {
      isClosed = true;
      wake();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) {
          waitingBytes -= next.length;
          yield next;
        } else if (isClosed) return;
        else
          await new Promise<void>((settle) => {
            wake = settle;
          });
      }
    },
  };
}
