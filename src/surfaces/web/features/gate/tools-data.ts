/** What the pages about tools read and send, and how tools are put in words. */
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { CommandAnswer } from "../../../../contract/fields.ts";
import type {
  GrantBody,
  GrantsDocument,
  ToolCallDocument,
  ToolCallsDocument,
  ToolDocument,
  ToolModeBody,
  ToolServersDocument,
  ToolsDocument,
} from "../../../../contract/gate-contract.ts";
import { call } from "../../api.ts";

/** What others change shows within this time, a revoked grant among it. */
const lookAgainMs = 2_000;

export const toolsQuery = queryOptions({ queryKey: ["tools"], queryFn: () => call<ToolsDocument>("GET", "/api/tools") });

export const grantsQuery = queryOptions({
  queryKey: ["grants"],
  queryFn: () => call<GrantsDocument>("GET", "/api/grants"),
  refetchInterval: lookAgainMs,
});

export interface CallFilter {
  readonly tool: string;
  readonly state: string;
}

export const toolCallsQuery = ({ tool, state }: CallFilter) =>
  queryOptions({
    queryKey: ["tool-calls", tool, state],
    queryFn: () =>
      call<ToolCallsDocument>(
        "GET",
        `/api/tool-calls?${new URLSearchParams({ ...(tool === "" ? {} : { tool }), ...(state === "" ? {} : { state }) }).toString()}`,
      ),
  });

/** Sends one act about tools and reads all of it again. */
function useGateAct<Body>(send: (body: Body) => Promise<unknown>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([["tools"], ["grants"], ["tool-calls"], ["tool-servers"]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export const useToolMode = (onDone: () => void) =>
  useGateAct((body: ToolModeBody) => call<CommandAnswer>("POST", "/api/tools/mode", body), onDone);

export const useRevoke = (onDone: () => void) =>
  useGateAct(
    ({ id, reason }: { readonly id: string; readonly reason: string }) =>
      call<CommandAnswer>("POST", `/api/grants/${id}/revoke`, { reason }),
    onDone,
  );

/** Gives a grant, and then does what was waiting for it, if anything. */
export const useGrant = (onDone: () => void, next: () => Promise<unknown> = () => Promise.resolve()) =>
  useGateAct(async (body: GrantBody) => {
    await call<CommandAnswer>("POST", "/api/grants", body);
    await next();
  }, onDone);

export const toolServersQuery = queryOptions({
  queryKey: ["tool-servers"],
  queryFn: () => call<ToolServersDocument>("GET", "/api/tool-servers"),
});

/** Sends one act about servers outside and reads all of it again. */
export const useServerAct = (onDone: () => void) =>
  useGateAct(
    ({ path, body }: { readonly path: string; readonly body: object }) => call<CommandAnswer>("POST", `/api${path}`, body),
    onDone,
  );

export const standingWords: { readonly [standing in ToolDocument["standing"]]: string } = {
  ready: "by the rules",
  tightened: "always asks",
  suspended: "suspended",
  new: "nobody agreed to it yet",
  changed: "changed: does nothing",
  halted: "halted",
};

export const groupWords: { readonly [group in ToolDocument["group"]]: string } = {
  read: "Reads",
  write: "Writes",
  outward: "Reaches outside",
  destructive: "Cannot be taken back",
};

export const deliveryWords: { readonly [delivery in ToolDocument["deliveryClass"]]: string } = {
  pure: "may be repeated: it changes nothing",
  keyed: "its receiver takes the same act once",
  queryable: "its receiver can be asked whether it happened",
  once: "sent once, never again by itself",
};

export const contentWords: { readonly [rule in GrantBody["content"]]: string } = {
  human: "a person's own words only",
  inside: "what personas write from inside sources",
  any: "anything, also what came from outside",
};

export const callStateWords: { readonly [state in ToolCallDocument["state"]]: string } = {
  asked: "waits for a person",
  approved: "agreed to, not made yet",
  denied: "a person said no",
  allowed: "let through, not made yet",
  refused: "refused",
  used: "made",
  withdrawn: "withdrawn",
};

/** Where an argument came from, in words. */
export const sourceWords = (source: string): string =>
  ({
    human: "A person typed exactly this into the request",
    system: "Made by this program",
    persona: "Written by the persona from inside sources",
  })[source] ?? "From sources outside: nobody here vouches for it";
