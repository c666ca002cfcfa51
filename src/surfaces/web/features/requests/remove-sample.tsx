import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { SampleDocument, SampleRemoved } from "../../../../contract/sample-contract.ts";
import { call } from "../../api.ts";
import { announce } from "../../shell/announce.tsx";
import { Button } from "../../shell/controls.tsx";
import { ActError } from "../../shell/states.tsx";
import { countText } from "../../shell/words.ts";

/** Takes the sample of the first start away in one act; nothing at all once it is gone, or for those who may not. */
export function RemoveSample() {
  const query = useQuery({
    queryKey: ["requests", "sample"],
    queryFn: () => call<SampleDocument>("GET", "/api/sample"),
    staleTime: 60_000,
  });
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => call<SampleRemoved>("POST", "/api/sample/remove", {}),
    onSuccess: async ({ cancelled }) => {
      announce(`${countText(cancelled, "sample request")} removed.`);
      await client.invalidateQueries();
    },
  });
  const samples = query.data?.requests ?? [];
  if (samples.length === 0 || query.data?.mayRemove !== true) return null;
  return (
    <div className="no-print flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-2">
      <span>{samples.map((one) => one.label).join(", ")}: sample to look around with. What was done stays on record.</span>
      <Button disabled={remove.isPending} onClick={() => remove.mutate()}>
        Remove the sample
      </Button>
      <ActError error={remove.error} />
    </div>
  );
}
