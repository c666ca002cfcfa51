import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { MeDocument } from "../../../../contract/session-contract.ts";
import { meQuery } from "../../queries.ts";
import { Button, TextField } from "../../shell/controls.tsx";
import { ActError, Loaded } from "../../shell/states.tsx";
import { useAct } from "./people-admin-data.ts";

/** What the organization is called, and the way back to the set-up. */
export function Panel() {
  const me = useQuery(meQuery);
  return (
    <Loaded query={me} rows={2}>
      {(known) => <Form me={known} />}
    </Loaded>
  );
}

function Form({ me }: { readonly me: MeDocument }) {
  const [name, setName] = useState(me.organization.name);
  const save = useAct("/api/organization");
  const send = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ name });
  };
  return (
    <form onSubmit={send} className="flex max-w-xl flex-col items-start gap-3">
      <TextField
        label="Name"
        hint={`Amounts are in ${me.organization.currency}; the currency stays.`}
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        className="w-full"
      />
      <div className="flex items-center gap-3">
        <Button type="submit" tone="accent" disabled={save.isPending || name.trim() === ""}>
          Save
        </Button>
        {save.isSuccess && (
          <span role="status" className="text-sm text-good">
            Saved
          </span>
        )}
      </div>
      <ActError error={save.error} />
      <p className="text-sm text-ink-2">
        <Link to="/setup" className="text-accent underline">
          Go through the set-up again
        </Link>
      </p>
    </form>
  );
}
