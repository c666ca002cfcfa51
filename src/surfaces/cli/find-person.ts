import { Failure } from "../../core/shared/failure.ts";
import type { JsonObject } from "../../core/shared/json.ts";
import type { Client } from "./cli-dependencies.ts";
import { listAt, textAt } from "./output.ts";

/** The one member of that name, address or id. @throws {Failure} `person.not-found`, `person.ambiguous` */
export async function findPerson(
  client: Client,
  who: string,
  { removedToo = false }: { readonly removedToo?: boolean } = {},
): Promise<JsonObject> {
  const folded = who.trim().toLowerCase();
  const members = listAt(await client.get("/api/people"), "items");
  const found = members.filter(
    (one) =>
      textAt(one, "id") === who ||
      ((removedToo || textAt(one, "state") !== "removed") && [textAt(one, "name").toLowerCase(), textAt(one, "email")].includes(folded)),
  );
  const [person] = found;
  if (person === undefined || folded === "")
    throw new Failure("not-found", "person.not-found", { message: `There is no member ${who.slice(0, 200)}. xvc people list shows them.` });
  if (found.length > 1)
    throw new Failure("conflict", "person.ambiguous", {
      message: `${found.length} members are called ${who.slice(0, 200)}; name the id or the e-mail address.`,
    });
  return person;
}
