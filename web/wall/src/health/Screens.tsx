import { useEffect, useState } from "preact/hooks";

import { bytes, grouped } from "../format/amount";
import type { Desk } from "../pages/desk";
import { Glyph } from "../parts/Glyph";
import { ageWords } from "../parts/Timer";
import { SkewNote } from "../truth/SkewNote";
import { address } from "../wire/socket";
import { Fact } from "./Fact";
import { screens as words } from "./words";

const EVERY = 10_000;
const PATIENCE = 5000;
/** Seconds without a report, where one comes each minute, and milliseconds that an eye notices. */
const SILENT = 150;
const SLOW = 100;
/** More than anybody looks at. */
const MOST = 100;

/** A screen's last report, as `GET api/v1/screens` gives it; any part may be missing. */
export interface Report {
  readonly screen?: string;
  readonly board?: string;
  readonly page?: number;
  readonly version?: string;
  readonly heap?: number;
  readonly nodes?: number;
  readonly frame_p95?: number;
  readonly paint_p95?: number;
  readonly errors?: number;
  readonly up?: number;
  readonly width?: number;
  readonly height?: number;
  readonly lang?: string;
  readonly theme?: string;
  /** Epoch seconds, real ones. */
  readonly at?: number;
  readonly client?: string;
}
interface Told {
  readonly reports: readonly Report[];
  /** The server's real time when it said so; its floor's time may be another. */
  readonly now: number;
}

/** What is wrong with a screen, worst first; empty where nothing is. */
export function troublesOf(report: Report, now: number, version: string): readonly ("age" | "errors" | "paint" | "version")[] {
  const troubles = [
    ["age", report.at !== undefined && now - report.at > SILENT],
    ["errors", (report.errors ?? 0) > 0],
    ["paint", (report.paint_p95 ?? 0) > SLOW],
    ["version", report.version !== undefined && version !== "" && report.version !== version],
  ] as const;
  return troubles.flatMap(([name, isSo]) => (isSo ? [name] : []));
}

/** How each screen of the house does, by its own word: memory, pictures, errors. */
export function Screens({ desk }: { desk: Desk }) {
  const told = useReports();
  const version = desk.answer.at("version").text;
  if (told === undefined) return null;
  const { reports, now } = told;
  const worstFirst = [...reports].sort((a, b) => troublesOf(b, now, version).length - troublesOf(a, now, version).length || (a.board ?? "").localeCompare(b.board ?? ""));
  return (
    <section class="tile card screens" aria-labelledby="screens" data-card="screens">
      <h2 id="screens">
        <Glyph name="live" />
        {words.t("screens")}
        <small>{reports.length === 0 ? words.t("screens.none") : words.many("screens.count", reports.length)}</small>
      </h2>
      <SkewNote hasWhy />
      {reports.length === 0 ? (
        <p class="next">{words.t("screens.noneWhy")}</p>
      ) : (
        <ul>
          {worstFirst.slice(0, MOST).map((report, i) => (
            <Screen key={report.screen ?? i} report={report} now={now} version={version} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Screen({ report, now, version }: { report: Report; now: number; version: string }) {
  const troubles = troublesOf(report, now, version);
  const { board, page = 0, width, height, lang, theme, client } = report;
  const about = [width !== undefined && height !== undefined ? `${width}×${height}` : "", lang, theme, client].filter((part) => part);
  const fact = (name: "age" | "errors" | "paint" | "version" | "heap" | "nodes" | "frame" | "up", value: string | undefined, why?: string) =>
    value !== undefined && <Fact name={words.t(`screens.${name}`)} value={<bdi>{value}</bdi>} {...(why === undefined ? {} : { why })} isBad={troubles.includes(name as "age")} />;
  const ms = (value: number | undefined) => (value === undefined ? undefined : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`);
  const number = (value: number | undefined) => (value === undefined ? undefined : grouped(value));
  return (
    <li class={troubles.length > 0 ? "warn" : ""} data-screen={report.screen}>
      <h3>
        <bdi>{board === undefined ? words.t("screens.noBoard") : words.t("screens.board", { board, page: page + 1 })}</bdi>
        <small>
          <bdi>{about.join(" · ")}</bdi>
        </small>
      </h3>
      <dl class="facts">
        {fact("age", report.at === undefined ? undefined : ageWords(Math.max(0, now - report.at)), words.t("screens.ageWhy"))}
        {fact("paint", ms(report.paint_p95), words.t("screens.paintWhy"))}
        {fact("frame", ms(report.frame_p95))}
        {fact("heap", report.heap === undefined ? undefined : bytes(report.heap))}
        {fact("nodes", number(report.nodes))}
        {fact("errors", number(report.errors))}
        {fact("up", report.up === undefined ? undefined : ageWords(report.up))}
        {fact("version", report.version, troubles.includes("version") ? words.t("screens.versionWhy") : undefined)}
      </dl>
    </li>
  );
}

/** Asked for anew every ten seconds; `undefined` until somebody says something, and where nobody may be told. */
function useReports(): Told | undefined {
  const [told, setTold] = useState<Told>();
  useEffect(() => {
    let isOver = false;
    const ask = async () => {
      try {
        const answer = await fetch(address("api/v1/screens"), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
        if (!answer.ok) return;
        const { screens: reports } = (await answer.json()) as { screens?: unknown };
        const date = Date.parse(answer.headers.get("date") ?? "");
        if (!isOver && Array.isArray(reports)) setTold({ reports: reports.filter((one) => typeof one === "object" && one !== null) as Report[], now: (Number.isNaN(date) ? Date.now() : date) / 1000 });
      } catch {
        // the page itself says that its server is away
      }
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, []);
  return told;
}
