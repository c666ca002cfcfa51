import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { PoliciesDocument } from "../../../../contract/policy-contract.ts";
import { announce } from "../../shell/announce.tsx";
import { Button } from "../../shell/controls.tsx";
import { Section } from "../../shell/page.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";
import { proposeShipped } from "./policies-data.ts";

/** Shipped policies that are newer than the organization. Until they are in force, nobody may do what they permit. */
export function MissingPolicies({ missing, mayPropose }: { readonly missing: PoliciesDocument["missing"]; readonly mayPropose: boolean }) {
  const client = useQueryClient();
  const propose = useMutation({
    mutationFn: proposeShipped,
    onSuccess: async (_, { key }) => {
      announce(`${key} is proposed.`);
      await client.invalidateQueries({ queryKey: ["policies"] });
    },
  });
  if (missing.length === 0) return null;
  return (
    <Section title="Shipped, and never here" bare>
      <p className="max-w-[75ch] text-sm text-ink-2">
        This organization is older than {countText(missing.length, "policy that ships", "policies that ship")} with the product. What they
        permit is permitted to nobody here until they are in force; what they forbid is not forbidden.
        {!mayPropose && " An administrator or director proposes them."}
      </p>
      <ul className="flex flex-col border-t border-line">
        {missing.map((policy) => (
          <li key={policy.key} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line py-2">
            <span className="flex min-w-0 flex-col">
              <span>{policy.statement}</span>
              <code className="font-mono text-xs text-ink-3">{policy.key}</code>
            </span>
            {mayPropose && (
              <Button aria-label={`Propose ${policy.key}`} disabled={propose.isPending} onClick={() => propose.mutate(policy)}>
                Propose
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ActError error={propose.error} />
    </Section>
  );
}
