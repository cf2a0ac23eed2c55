import { signal } from "@preact/signals";

import { isBlocked, speaker } from "./state";
import { sound } from "./words";

/** A loudspeaker; struck out while nothing can be heard. */
export function Speaker({ isStruck = false }: { isStruck?: boolean }) {
  const line = { fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" } as const;
  return (
    <svg class="g" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M3 9.2v5.6h3.8L12 19.4V4.6L6.8 9.2z" fill="currentColor" />
      {isStruck ? <path d="M15.6 9l6 6M21.6 9l-6 6" {...line} /> : <path d="M15.4 9a4.4 4.4 0 0 1 0 6M18.2 6.2a8.4 8.4 0 0 1 0 11.6" {...line} />}
    </svg>
  );
}

/** In the header until somebody allows what the board wants to be heard: whoever looks knows that it is mute. */
export function SoundSign() {
  if (!isBlocked.value) return null;
  return (
    <button type="button" class="sound-sign" onClick={() => speaker.peek()?.allow()} title={sound.t("blocked.how")} aria-label={sound.t("blocked.how")}>
      <Speaker isStruck />
      <span class="long">{sound.t("blocked")}</span>
    </button>
  );
}

const tested = signal("");

/** Among what comes with a pointer: hear whether it can be heard. */
export function SoundTest() {
  const able = speaker.value;
  if (able === undefined) return null;
  const test = async () => {
    tested.value = "…";
    const { isBlocked: isMute, voice } = await able.test();
    tested.value = isMute ? sound.t("test.blocked") : `${sound.t("test.played")} · ${voice === undefined ? sound.t("test.noVoice") : sound.t("test.voice", { name: voice.slice(0, 40) })}`;
  };
  return (
    <>
      <button type="button" class="sound-test" onClick={() => void test()}>
        <Speaker isStruck={isBlocked.value} /> {sound.t("test")}
      </button>
      {tested.value !== "" && (
        <span class="sound-tested" role="status">
          <bdi>{tested.value}</bdi>
        </span>
      )}
    </>
  );
}
