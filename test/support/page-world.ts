/** The built page before the real HTTP surface, engine and in-process store: what a browser meets, without a database. */
import { serve } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { asId } from "../../src/core/shared/ids.ts";
import { makeLink } from "../../src/surfaces/http/sign-in-links.ts";
import { type HttpWorld, openHttpWorld } from "./http-world.ts";

export interface PageWorld {
  readonly world: HttpWorld;
  readonly url: string;
  signInLink(): Promise<string>;
  /** Cuts every connection and answers nobody, until `start`. */
  stop(): Promise<void>;
  /** Listens again, at the same address. */
  start(): Promise<void>;
}

/** Starts it on a free loopback port; `webDirectory` is the folder of the built page. */
export async function startPageWorld(webDirectory: string): Promise<PageWorld> {
  const hosts = ["127.0.0.1:4180"]; // the name that calls of `HttpWorld` use
  const world = await openHttpWorld({ webDirectory, hosts: () => hosts });
  const listen = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const started = serve({ fetch: world.surface.fetch, hostname: "127.0.0.1", port }, () => resolve(started as Server)); // no TLS options: an http server
      started.on("error", reject);
    });
  let server: Server | undefined = await listen(0);
  const { port } = server.address() as AddressInfo; // listens on TCP
  hosts.push(`127.0.0.1:${port}`);
  const url = `http://127.0.0.1:${port}`;
  return {
    world,
    url,
    async signInLink() {
      const { organizationId, personId, use } = world;
      return `${url}/sign-in?token=${(await makeLink(use, { organizationId, personId: asId(personId), purpose: "sign-in" })).secret}`;
    },
    async stop() {
      const closing = server;
      server = undefined;
      closing?.closeAllConnections();
      await new Promise<void>((resolve) => (closing === undefined ? resolve() : closing.close(() => resolve())));
    },
    async start() {
      server = await listen(port);
    },
  };
}
