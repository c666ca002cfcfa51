import { queryOptions, useQuery } from "@tanstack/react-query";
import type { SessionDocument } from "../../../../contract/people-contract.ts";
import type { SignInWays } from "../../../../contract/session-contract.ts";
import { call } from "../../api.ts";
import { Ago } from "../../shell/clock.tsx";
import { Button } from "../../shell/controls.tsx";
import { Facts, Section } from "../../shell/page.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { Row, Table, Td, Th } from "../../shell/table.tsx";
import { instantText } from "../../shell/words.ts";
import { sessionsQuery, useAct } from "./people-admin-data.ts";

export const waysQuery = queryOptions({ queryKey: ["sign-in-ways"], queryFn: () => call<SignInWays>("GET", "/sign-in/ways") });

/** How I sign in, and where I am signed in. */
export function Panel() {
  const sessions = useQuery(sessionsQuery);
  const ways = useQuery(waysQuery);
  return (
    <>
      <Section title="Where you are signed in" bare>
        <Loaded query={sessions} rows={2}>
          {({ items }) => <SessionTable sessions={items} />}
        </Loaded>
      </Section>
      <Section title="Ways in">
        <Loaded query={ways} rows={2}>
          {({ mail, oidc }) => (
            <Facts
              rows={[
                ["On the server's machine", "xvc login prints a link that works once, for 30 minutes"],
                ["By mail", mail ? "a link to your address, asked for on the sign-in page" : "no mail server is set up"],
                ["Sign-in service", oidc ?? "none is set up"],
                ["Passwords", "there are none"],
              ]}
            />
          )}
        </Loaded>
      </Section>
    </>
  );
}

function SessionTable({ sessions }: { readonly sessions: readonly SessionDocument[] }) {
  return (
    <Table
      caption="Browsers in which you are signed in"
      head={
        <>
          <Th>Browser</Th>
          <Th>Last used</Th>
          <Th className="max-sm:hidden">Ends</Th>
          <Th>
            <span className="sr-only">End</span>
          </Th>
        </>
      }
    >
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </Table>
  );
}

function SessionRow({ session }: { readonly session: SessionDocument }) {
  const end = useAct(`/api/sessions/${session.id}/end`);
  return (
    <Row>
      <Td className="font-medium">
        {session.about}
        {session.current && <span className="font-normal text-ink-3"> (this one)</span>}
      </Td>
      <Td className="text-sm text-ink-3">
        <Ago atMs={session.seenAtMs} />
      </Td>
      <Td className="text-sm text-ink-3 max-sm:hidden">{instantText(session.expiresAtMs)}</Td>
      <Td className="text-right">
        <Button disabled={end.isPending} aria-label={`Sign out ${session.about}`} onClick={() => end.mutate({})}>
          Sign out
        </Button>
        <ActError error={end.error} />
      </Td>
    </Row>
  );
}
