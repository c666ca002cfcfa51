import { Part, type ShownTheme } from "./styleguide-part.tsx";

const surfaces: readonly (readonly [name: string, look: string])[] = [
  ["paper", "bg-paper text-ink"],
  ["sheet", "bg-sheet text-ink"],
  ["wash", "bg-wash text-ink-2"],
  ["accent", "bg-accent text-on-accent"],
  ["accent wash", "bg-accent-wash text-accent"],
  ["good wash", "bg-good-wash text-good"],
  ["wait wash", "bg-wait-wash text-wait"],
  ["bad wash", "bg-bad-wash text-bad"],
  ["rehearsal wash", "bg-rehearsal-wash text-rehearsal"],
];

const inks: readonly (readonly [name: string, look: string])[] = [
  ["ink: what is said", "text-ink"],
  ["ink 2: beside it", "text-ink-2"],
  ["ink 3: the rest", "text-ink-3"],
  ["accent: leads on", "text-accent"],
];

const sizes: readonly (readonly [name: string, look: string])[] = [
  ["28 the one large word", "text-2xl font-semibold tracking-tight"],
  ["20 a title, or the answer", "text-xl font-semibold tracking-tight"],
  ["16 a sentence that leads", "text-lg"],
  ["14 the body, 13 when compact", "text-base"],
  ["13 facts and controls", "text-sm"],
  ["12 beside the facts", "text-xs"],
];

/** Colours and type. */
export function StyleguideTokens({ theme }: { readonly theme: ShownTheme }) {
  return (
    <>
      <Part theme={theme} title="Paper and ink">
        <ul className="grid grid-cols-3 gap-px overflow-hidden rounded border border-line">
          {surfaces.map(([name, look]) => (
            <li key={name} className={`${look} px-3 py-2 text-sm`}>
              {name}
            </li>
          ))}
        </ul>
        <ul className="flex flex-wrap gap-x-6 gap-y-1">
          {inks.map(([name, look]) => (
            <li key={name} className={look}>
              {name}
            </li>
          ))}
        </ul>
      </Part>
      <Part theme={theme} title="Type">
        <ul className="flex flex-col gap-1">
          {sizes.map(([name, look]) => (
            <li key={name} className={look}>
              {name}
            </li>
          ))}
          <li className="id text-ink-2">ENG-42/backend plan.approve:director 0193f0a0</li>
          <li className="text-sm tabular-nums">1,111.10 and 9,876.54 stand under each other</li>
        </ul>
      </Part>
    </>
  );
}
