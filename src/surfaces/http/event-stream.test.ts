import { expect, test } from "vitest";
import { openHttpWorld, type HttpWorld } from "../../../test/support/http-world.ts";
import { compareCursor } from "../../engine/memory/compare-cursor.ts";
import { beatMs } from "./event-feed.ts";

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly kind?: string; readonly cursor: string | null };
}

/** Reads messages of a stream until the wanted one has come; at most 1,000. */
function messagesOf(response: Response) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const seen: Message[] = [];
  let text = "";
  return {
    seen,
    cancel: () => reader.cancel(),
    async until(wanted: (message: Message) => boolean): Promise<Message> {
      for (let parts = 0; parts < 1_000; parts += 1) {
        const found = seen.find(wanted);
        if (found !== undefined) return found;
        const { value, done } = await reader.read();
        if (done) break;
        text += new TextDecoder().decode(value);
        const blocks = text.split("\n\n");
        text = blocks.pop() ?? "";
        for (const block of blocks) {
          const field = (name: string): string =>
            block
              .split("\n")
              .find((line) => line.startsWith(`${name}: `))
              ?.slice(name.length + 2) ?? "";
          if (field("event") !== "")
            seen.push({ id: field("id"), event: field("event"), data: JSON.parse(field("data")) as Message["data"] });
          else seen.push({ id: "", event: block, data: { cursor: null } });
        }
      }
      throw new Error(`not seen: ${JSON.stringify(seen)}`);
    },
  };
}

const open = async (world: HttpWorld, headers: Readonly<Record<string, string>> = {}) =>
  messagesOf(await world.asToken("GET", "/events", { headers }));
const isSubmitted = (message: Message): boolean => message.data.kind === "request.submitted";

test("a change reaches an open stream, and a client that comes back sees what it missed once", async () => {
  const world = await openHttpWorld();
  const stream = await open(world);
  const ready = await stream.until((message) => message.event === "ready");
  await world.asToken("POST", "/api/requests", { body: { text: "First" } });
  const first = await stream.until(isSubmitted);
  expect(compareCursor(first.id, ready.id)).toBeGreaterThan(0);
  await stream.cancel();

  await world.asToken("POST", "/api/requests", { body: { text: "Second" } });
  const back = await open(world, { "last-event-id": first.id });
  await back.until((message) => message.event === "ready");
  const cursors = back.seen.filter((message) => message.event === "delta").map((message) => message.id);
  expect(back.seen.filter(isSubmitted)).toHaveLength(1);
  expect(new Set(cursors).size).toBe(cursors.length);
  expect(cursors.every((cursor) => compareCursor(cursor, first.id) > 0)).toBe(true);
  await back.cancel();
});

test("a closed stream leaves nothing behind", async () => {
  const world = await openHttpWorld();
  const stream = await open(world);
  await stream.until((message) => message.event === "ready");
  expect(world.surface.streams()).toBe(1);
  await stream.cancel();
  expect(world.surface.streams()).toBe(0);
});

test("any number of streams costs one reading per change", async () => {
  const world = await openHttpWorld();
  const streams = await Promise.all(Array.from({ length: 50 }, () => open(world)));
  for (const stream of streams) await stream.until((message) => message.event === "ready");
  let reads = 0;
  const read = world.engine.read.bind(world.engine);
  Object.assign(world.engine, {
    read: (...given: Parameters<typeof read>) => {
      reads += 1;
      return read(...given);
    },
  });
  await world.asPerson(
    { kind: "create-project", id: world.ids.next(), key: "OPS", name: "Operations", mode: "real", clockAtMs: null },
    null,
  );
  for (const stream of streams) await stream.until((message) => message.data.kind === "project.created");
  expect(reads).toBeLessThan(5);
  for (const stream of streams) await stream.cancel();
});

test("an idle stream beats, and signing out ends it", async () => {
  const world = await openHttpWorld();
  const { cookie } = await world.signedIn();
  const stream = messagesOf(await world.call("GET", "/events", { headers: { cookie } }));
  await stream.until((message) => message.event === "ready");
  world.clock.advance(beatMs);
  await stream.until((message) => message.event === ": beat");
  await world.call("POST", "/sign-out", { headers: { cookie } });
  await expect(stream.until((message) => message.event === "never")).rejects.toThrow("not seen");
});

test("cursors compare by their numbers, whatever their length", () => {
  expect(compareCursor("9-1", "10-0")).toBeLessThan(0);
  expect(compareCursor("10-2", "10-10")).toBeLessThan(0);
  expect(compareCursor("18446744073709551615-1", "18446744073709551614-9")).toBeGreaterThan(0);
  expect(compareCursor("7-7", "7-7")).toBe(0);
});
