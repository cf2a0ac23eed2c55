import { useEffect, useRef } from "preact/hooks";

import type { Told } from "../board/preview";
import { address } from "../wire/socket";
import type { Drawn } from "./bench";
import type { Complaint } from "./lint";

export interface Answer extends Drawn {
  readonly round: number;
  readonly complaints?: readonly Complaint[];
}

interface Props {
  readonly told: Told;
  /** CSS px of the screen that is looked at, and how large it is shown. */
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly title: string;
  readonly onAnswer: (answer: Answer) => void;
}

/** A wall in a frame, at its true size and then made smaller; nobody can touch it. */
export function Frame({ told, width, height, scale, title, onAnswer }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const latest = useRef({ told, onAnswer, isReady: false });
  latest.current.told = told;
  latest.current.onAnswer = onAnswer;
  const tell = () => {
    if (latest.current.isReady) frame.current?.contentWindow?.postMessage({ type: "ccwall.preview", ...latest.current.told }, location.origin);
  };
  useEffect(() => {
    const heard = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== location.origin) return;
      const answer = event.data as { type?: string } & Answer;
      if (answer.type === "ccwall.ready") {
        latest.current.isReady = true;
        tell();
      } else if (answer.type === "ccwall.boxes") latest.current.onAnswer(answer);
    };
    addEventListener("message", heard);
    return () => removeEventListener("message", heard);
  }, []);
  useEffect(() => {
    // Letters typed fast are one change for the frame.
    const timer = requestAnimationFrame(tell);
    return () => cancelAnimationFrame(timer);
  }, [told]);
  return (
    <div class="ed-frame" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
      <iframe ref={frame} src={address("./?preview=1").href} title={title} tabIndex={-1} inert style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }} />
    </div>
  );
}
