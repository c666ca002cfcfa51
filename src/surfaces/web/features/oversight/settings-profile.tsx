import { useQuery } from "@tanstack/react-query";
import { meQuery } from "../../queries.ts";
import { Facts, Section } from "../../shell/page.tsx";
import { type Density, setDensity, useDensity } from "../../shell/density.ts";
import { setSingleKeys, useSingleKeys } from "../../shell/keys.ts";
import { pillLook } from "../../shell/pill.ts";
import { Loaded } from "../../shell/states.tsx";
import { setTheme, type Theme, useTheme } from "../../shell/theme.ts";
import { titleWords } from "../../shell/words.ts";

const themes: readonly (readonly [Theme, string])[] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** Who I am here, and how this browser shows things. */
export function Panel() {
  const me = useQuery(meQuery);
  return (
    <>
      <Section title="You">
        <Loaded query={me} rows={3}>
          {({ person, organization, solo }) => (
            <Facts
              rows={[
                ["Name", person.name],
                ["E-mail", person.email ?? "none; sign-in links are printed on the server's machine by xvc login"],
                ["Roles", person.roles.map(titleWords).join(", ")],
                ["Organization", organization.name],
                [
                  "Alone here",
                  solo ? "yes: you confirm your own plans by typing the act's short id" : "no: nobody approves their own work",
                ],
              ]}
            />
          )}
        </Loaded>
      </Section>
      <Section title="This browser">
        <ThemeChoice />
        <DensityChoice />
        <SingleKeys />
      </Section>
    </>
  );
}

const densities: readonly (readonly [Density, string])[] = [
  ["comfortable", "Comfortable"],
  ["compact", "Compact"],
];

const ThemeChoice = () => <Choice name="Theme" options={themes} chosen={useTheme()} choose={setTheme} />;
const DensityChoice = () => <Choice name="Density" options={densities} chosen={useDensity()} choose={setDensity} />;

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly chosen: Value;
  readonly choose: (value: Value) => void;
}

function Choice<Value extends string>({ name, options, chosen, choose }: ChoiceProps<Value>) {
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="float-left w-28 text-sm text-ink-3">{name}</legend>
      {options.map(([id, label]) => (
        <label
          key={id}
          className={`${pillLook(id === chosen)} cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent`}
        >
          <input type="radio" name={name} value={id} checked={id === chosen} onChange={() => choose(id)} className="sr-only" />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function SingleKeys() {
  const on = useSingleKeys();
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input type="checkbox" checked={on} onChange={(event) => setSingleKeys(event.target.checked)} className="size-4 accent-accent" />
      Single-key shortcuts. They never act while you type in a field; ? lists them.
    </label>
  );
}
