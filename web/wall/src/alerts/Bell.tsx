import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

import { useWall } from "../context";
import { Player } from "../sound/player";
import { lang } from "../words";
import { type Rung, ring } from "./ringing";
import type { Row } from "./order";
import { BellSign, MuteSign } from "./signs";
import { say } from "./words";

const KEPT = "ccwall.bell";

function kept(): boolean {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false; // a browser that keeps nothing
  }
}

/** Whether this browser is to be heard; nothing sounds where nobody asked for it. */
const isOn = signal(kept());
let player: Player | undefined;

/** Sounds, and shakes the phone, for what is new; pressed once it also shows the browser that somebody wants that. */
export function Bell({ all }: { all: readonly Row[] }) {
  const wall = useWall();
  const rung = useRef<Rung>(null);
  const news = wall.isLive.value ? ring(rung.current, all.map(({ alert }) => alert), wall.uptime.value) : undefined;
  useEffect(() => {
    if (news === undefined) return;
    rung.current = news.rung;
    if (news.tone === undefined || !isOn.peek()) return;
    player ??= new Player();
    void player.play(news.tone, "", 1, lang.peek());
    if ("vibrate" in navigator) navigator.vibrate(news.tone === "breach" ? [200, 100, 200] : [120]);
  });
  const press = () => {
    isOn.value = !isOn.peek();
    try {
      localStorage.setItem(KEPT, isOn.peek() ? "on" : "off");
    } catch {
      // then it holds until the page is closed
    }
    if (!isOn.peek()) return;
    player ??= new Player();
    void player.play("soft", "", 0.6, lang.peek());
  };
  const word = say(isOn.value ? "bell.on" : "bell.off");
  return (
    <button type="button" class="dk-icon bell" aria-pressed={isOn.value} aria-label={word} title={word} onClick={press}>
      {isOn.value ? <BellSign /> : <MuteSign />}
    </button>
  );
}
