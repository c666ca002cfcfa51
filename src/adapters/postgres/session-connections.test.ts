import { expect, test } from "vitest";
import { requireSessionConnections } from "./session-connections.ts";
import type { ProbeClient } from "./session-connections.ts";

/** Clients of a make-believe server: `pidOf(client, query)` is the session a client's query landed on. */
function fakeServer(pidOf: (client: number, query: number) => number) {
  const listeners: ((message: { readonly channel: string }) => void)[] = [];
  let clients = 0;
  let open = 0;
  const connect = async (): Promise<ProbeClient> => {
    const client = clients;
    let queries = 0;
    clients += 1;
    open += 1;
    return {
      on: (_event, listener) => listeners.push(listener),
      end: async () => {
        open -= 1;
      },
      query: async (sql) => {
        const channel = /^notify (\w+)$/.exec(sql)?.[1];
        if (channel !== undefined) for (const listener of listeners) listener({ channel });
        if (!sql.includes("pg_backend_pid")) return { rows: [] };
        queries += 1;
        return { rows: [{ pid: pidOf(client, queries) }] };
      },
    };
  };
  return { connect, openCount: () => open };
}

test("accepts connections that keep their session", async () => {
  const server = fakeServer((client) => 100 + client);
  await requireSessionConnections(server.connect);
  expect(server.openCount()).toBe(0);
});

test("refuses a pooler that lends the idle session to the next transaction", async () => {
  const server = fakeServer((client, query) => (client === 0 && query === 2 ? 101 : 100));
  await expect(requireSessionConnections(server.connect)).rejects.toMatchObject({ kind: "invalid", code: "database.pooled" });
  expect(server.openCount()).toBe(0);
});

test("refuses a pooler that moves an idle client to another session", async () => {
  const server = fakeServer((client, query) => client * 10 + query);
  await expect(requireSessionConnections(server.connect)).rejects.toMatchObject({ code: "database.pooled" });
});
