import type { ClientBase } from "pg";
import { expect, test } from "vitest";
import { enqueueJobs } from "./enqueue-jobs.ts";

const place = { organizationId: "o", projectId: "p" };
const job = { kind: "attempt", subjectId: "10000000-0000-4000-8000-000000000001", epoch: 1 } as const;

/** An engine that writes a status, needs its row and then writes the input; and a server whose answer to the first one waits. */
function world(stored: { readonly name: string }) {
  const sent: string[] = [];
  const answer = Promise.withResolvers<void>();
  const connection = {
    query: async (config: { readonly text: string }) => {
      sent.push(config.text);
      if (!config.text.includes("workflow_status")) return { rows: [] };
      await answer.promise;
      return { rows: [stored] };
    },
  } as unknown as ClientBase; // `query` alone is called
  const enqueue = enqueueJobs({
    async enqueueInTransaction(client) {
      const { rows } = await client.query<{ readonly name: string }>(
        'INSERT INTO "dbos".workflow_status (workflow_uuid, name) VALUES($1, $2)',
        ["attempt:1:1", "job"],
      );
      if (rows[0]?.name !== "job") throw new Error("the engine was not told what it wrote");
      await client.query('INSERT INTO "dbos".workflow_input (workflow_uuid, inputs) VALUES ($1, $2)', ["attempt:1:1", "{}"]);
    },
  });
  return { sent, answer, enqueued: enqueue(connection, place, [job]) };
}

test("sends what the engine writes without waiting, and resolves when all of it is answered", async () => {
  const { sent, answer, enqueued } = world({ name: "job" });
  let settled = false;
  void enqueued.finally(() => {
    settled = true;
  });
  await new Promise((resolve) => void setImmediate(resolve));
  expect(sent).toHaveLength(2);
  expect(settled).toBe(false);
  answer.resolve();
  await enqueued;
});

test("refuses an id that the engine knows as something else, before anything is committed", async () => {
  const { answer, enqueued } = world({ name: "somebody else's" });
  answer.resolve();
  await expect(enqueued).rejects.toMatchObject({ code: "job.id-taken" });
});
