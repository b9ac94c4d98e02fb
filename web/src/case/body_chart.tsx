/** Front and back of a body to click lesions on. The patient's right is at the reader's left on the front. */
import { useState } from "preact/hooks";
import { say } from "../words/say.ts";
import { patient, valueAt, write } from "./case.ts";
import { sayWord } from "./entries.tsx";

interface Part {
  site: string;
  /** Drawn about the middle line x = 0; y grows downwards. */
  shape: string;
  paired?: boolean;
  /** Only on this view. */
  only?: "front" | "back";
}

/** Simple figures, arms a little away from the trunk, so that each part can be hit by a finger. */
const PARTS: readonly Part[] = [
  { site: "head", shape: "M-14 -20a14 18 0 1 1 28 0a14 18 0 1 1 -28 0" },
  { site: "neck", shape: "M-7 -3h14v11h-14z" },
  { site: "chest", shape: "M-30 8h60l-4 38h-52z", only: "front" },
  { site: "breast", shape: "M5 26a10 10 0 1 1 20 0a10 10 0 1 1 -20 0", paired: true, only: "front" },
  { site: "back", shape: "M-30 8h60l-6 62h-48z", only: "back" },
  { site: "abdomen", shape: "M-26 46h52l-2 30h-48z", only: "front" },
  { site: "groin", shape: "M2 76h22l-4 18h-10z", paired: true, only: "front" },
  { site: "penis", shape: "M-5 82h10v14h-10z", only: "front" },
  { site: "buttock", shape: "M1 70h24l1 26h-25z", paired: true, only: "back" },
  { site: "upper arm", shape: "M32 9l13 4l9 42l-12 3z", paired: true },
  { site: "forearm", shape: "M43 59l12 -3l9 38l-9 3z", paired: true },
  { site: "hand", shape: "M55 98l11 -3l4 16l-11 3z", paired: true },
  { site: "finger", shape: "M59 115l12 -3l2 14l-10 3z", paired: true },
  { site: "thigh", shape: "M3 97h24l-3 46h-19z", paired: true },
  { site: "knee", shape: "M5 144h19v15h-19z", paired: true },
  { site: "lower leg", shape: "M5 160h19l-3 46h-13z", paired: true },
  { site: "ankle", shape: "M8 207h13v10h-13z", paired: true },
  { site: "foot", shape: "M7 218h15l5 14h-20z", paired: true },
  { site: "toe", shape: "M7 233h21v9h-21z", paired: true },
];

interface Place {
  site: string;
  side?: "L" | "R";
  aspect?: "front" | "back";
}

/** Which side of the patient the right half of a drawing shows. */
const RIGHT_HALF = { front: "L", back: "R" } as const;
const OTHER = { L: "R", R: "L" } as const;

export function BodyChart() {
  const [view, setView] = useState<"front" | "back">("front");
  const lesions = (valueAt(patient.value, "lesions") as { site?: string; side?: string }[] | undefined) ?? [];

  function add(place: Place): void {
    write(`lesions.${lesions.length}`, { ...place, kind: "ulcer" });
  }

  return (
    <div class="chart">
      <div class="segments" role="group" aria-label={say("Body chart")}>
        {(["front", "back"] as const).map((name) => (
          <button key={name} type="button" aria-pressed={view === name} onClick={() => setView(name)}>
            {say(name === "front" ? "From the front" : "From behind")}
          </button>
        ))}
      </div>
      <svg viewBox="-80 -42 160 290" role="group" aria-label={say("Body chart: choose where a lesion is")}>
        <text class="side" x={-74} y={-30}>
          {say(OTHER[RIGHT_HALF[view]] === "R" ? "right" : "left")}
        </text>
        <text class="side" x={74} y={-30} text-anchor="end">
          {say(RIGHT_HALF[view] === "R" ? "right" : "left")}
        </text>
        {PARTS.filter(({ only }) => !only || only === view).flatMap((part) =>
          part.paired
            ? [
                <Region key={`${part.site} right`} part={part} view={view} side={RIGHT_HALF[view]} lesions={lesions} add={add} />,
                <Region
                  key={`${part.site} left`}
                  part={part}
                  view={view}
                  side={OTHER[RIGHT_HALF[view]]}
                  mirrored
                  lesions={lesions}
                  add={add}
                />,
              ]
            : [<Region key={part.site} part={part} view={view} lesions={lesions} add={add} />],
        )}
      </svg>
    </div>
  );
}

interface RegionProps {
  part: Part;
  view: "front" | "back";
  side?: "L" | "R";
  mirrored?: boolean;
  lesions: { site?: string; side?: string }[];
  add: (place: Place) => void;
}

function Region({ part, view, side, mirrored, lesions, add }: RegionProps) {
  const here = lesions.filter(
    (lesion) => lesion.site === part.site && (!side || !lesion.side || lesion.side === "B" || lesion.side === side),
  ).length;
  const name = side ? `${sayWord(part.site)}, ${sayWord(side)}` : sayWord(part.site);
  const limb = part.paired && !part.only && !["hand", "finger", "foot", "toe", "ankle"].includes(part.site);
  const place: Place = { site: part.site };
  if (side) place.side = side;
  if (limb) place.aspect = view;
  return (
    <path
      class={here > 0 ? "region ill" : "region"}
      d={part.shape}
      transform={mirrored ? "scale(-1 1)" : undefined}
      role="button"
      tabindex={0} // within SVG names of attributes keep their case
      aria-label={here > 0 ? say("{place}: {count} lesions", { place: name, count: here }) : name}
      onClick={() => add(place)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        add(place);
      }}
    >
      <title>{name}</title>
    </path>
  );
}
