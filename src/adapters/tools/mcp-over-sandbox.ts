import { type JSONRPCMessage, ReadBuffer, type Transport, serializeMessage } from "@modelcontextprotocol/client";
import type { Sandbox } from "../../engine/ports/sandbox.ts";

/** Bounds of one session with a program, beside those of every sandboxed run. */
const limits = { messageBytes: 4 * 1024 * 1024, streamBytes: 16 * 1024 * 1024, graceMs: 5_000 } as const;

export interface SandboxedProgram {
  readonly sandbox: Sandbox;
  /** The program and its arguments. Words that are absolute paths are visible inside, read-only; nothing else of this machine is. */
  readonly command: readonly string[];
  /** An empty directory of this session alone. */
  readonly workDirectory: string;
  readonly timeLimitMs: number;
}

/** Lines of JSON to and from a program in the sandbox. Its end is `onclose`; what it writes beside the protocol is dropped. */
export class SandboxTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: (<Message extends JSONRPCMessage>(message: Message) => void) | undefined;
  private readonly program: SandboxedProgram;
  private readonly stop = new AbortController();
  private readonly waiting: string[] = [];
  private wake: () => void = () => undefined;
  private running: Promise<void> | null = null;

  constructor(program: SandboxedProgram) {
    this.program = program;
  }

  async start(): Promise<void> {
    this.running = this.run();
  }

  private async *input(): AsyncGenerator<Uint8Array> {
    while (!this.stop.signal.aborted) {
      const line = this.waiting.shift();
      if (line === undefined)
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      else yield Buffer.from(line);
    }
  }

  private async run(): Promise<void> {
    const { sandbox, command, workDirectory, timeLimitMs } = this.program;
    const [program = "", ...words] = command;
    const buffer = new ReadBuffer({ maxBufferSize: limits.messageBytes });
    try {
      await sandbox.run({
        argv: [program, ...words],
        workDirectory,
        workDirectoryAccess: "read-write",
        readOnlyPaths: command.filter((word) => word.startsWith("/")),
        limits: { timeoutMs: timeLimitMs + limits.graceMs, streamBytes: limits.streamBytes },
        input: this.input(),
        onStdout: (chunk) => this.read(buffer, chunk),
        signal: this.stop.signal,
      });
    } catch (error) {
      if (!this.stop.signal.aborted) this.onerror?.(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.end();
      this.onclose?.();
    }
  }

  /** What is no message of the protocol is dropped; the session goes on. */
  private read(buffer: ReadBuffer, chunk: Uint8Array): void {
    buffer.append(Buffer.from(chunk));
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        this.onerror?.(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.stop.signal.aborted) throw new Error("The session has ended.");
    this.waiting.push(serializeMessage(message));
    this.wake();
  }

  private end(): void {
    this.stop.abort(new Error("The session has ended."));
    this.wake();
  }

  async close(): Promise<void> {
    this.end();
    await this.running;
  }
}
