import { expect, test } from "vitest";
import { accountForRoot } from "./account.ts";

test("prefers postgres over nobody", () => {
  const passwd = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:101:104::/:/bin/bash\n";
  expect(accountForRoot(passwd)).toEqual({ kind: "other", name: "postgres", uid: 101, gid: 104 });
});

test("takes nobody where there is no postgres, also without a passwd file", () => {
  expect(accountForRoot("nobody:x:99:98::/:/bin/false\n")).toEqual({ kind: "other", name: "nobody", uid: 99, gid: 98 });
  expect(accountForRoot("")).toEqual({ kind: "other", name: "nobody", uid: 65_534, gid: 65_534 });
});

test("never takes uid 0, whatever it is called", () => {
  expect(accountForRoot("postgres:x:0:0::/:/bin/sh\n")).toEqual({ kind: "other", name: "nobody", uid: 65_534, gid: 65_534 });
});
