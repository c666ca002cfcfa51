import { expect, test } from "vitest";
import { inMoment } from "../moment.ts";
import { PastClient } from "./past-client.ts";

test("a page of the past reads at its instant, once, and sends nothing", async () => {
  const client = new PastClient(5);
  const asked: string[] = [];
  const read = () =>
    client.fetchQuery({
      queryKey: ["request"],
      queryFn: () => {
        asked.push(inMoment("GET", "/api/requests/ENG-1"));
        return "then";
      },
    });
  expect([await read(), await read()]).toEqual(["then", "then"]);
  expect(asked).toEqual(["/api/requests/ENG-1?at=5"]);
  expect(inMoment("GET", "/api/requests/ENG-1")).toBe("/api/requests/ENG-1");
  let sent = 0;
  const act = client.getMutationCache().build(client, client.defaultMutationOptions({ mutationFn: async () => (sent += 1) }));
  await expect(act.execute(undefined)).rejects.toMatchObject({ code: "web.past-is-read-only" });
  expect(sent).toBe(0);
});
