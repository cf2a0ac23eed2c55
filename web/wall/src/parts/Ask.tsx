import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";

import { asked, askOf, person, place, pressed } from "../ask";
import { whole } from "../later";
import type { Wall } from "../wall";
import { t } from "../words";
import { useKeydown } from "./hooks";

interface Props {
  readonly metric: string;
  readonly scope?: string;
  readonly window?: string;
  /** What the number is called, for who hears the page. */
  readonly what: string;
  /** Reached by the Tab key; all others by arrows, so that nobody tabs through fifty numbers. */
  readonly first?: boolean;
}

/** Over a whole number: why is it what it is? A mark shows under a pointer and in focus, never on a wall left alone. */
export function Ask({ metric, scope = "floor", window = "today", what, first }: Props) {
  return (
    <button
      type="button"
      class="ask"
      tabIndex={first ? 0 : -1}
      aria-haspopup="dialog"
      aria-label={t("ask", { what })}
      data-metric={metric}
      data-scope={scope}
      data-window={window}
      onClick={(event) => askOf(event.currentTarget)}
    >
      <i aria-hidden="true">?</i>
    </button>
  );
}

/** Over a person's tile: which sense says what? */
export function AskPerson({ id, what }: { id: string; what: string }) {
  return (
    <button type="button" class="ask" tabIndex={-1} aria-haspopup="dialog" aria-label={t("person.ask", { what })} data-person={id} onClick={(event) => askOf(event.currentTarget)}>
      <i aria-hidden="true">?</i>
    </button>
  );
}

/** Over a queue's name: who waits there, how long, and who answers? */
export function AskQueue({ id, what }: { id: string; what: string }) {
  return (
    <button type="button" class="ask" tabIndex={-1} aria-haspopup="dialog" aria-label={t("queue.ask", { what })} data-queue={id} onClick={(event) => askOf(event.currentTarget)}>
      <i aria-hidden="true">?</i>
    </button>
  );
}

/** Over a source's name: how is it, and what stands still because of it? */
export function AskSource({ id, what }: { id: string; what: string }) {
  return (
    <button type="button" class="ask" tabIndex={-1} aria-haspopup="dialog" aria-label={t("source.ask", { what })} data-source={id} onClick={(event) => askOf(event.currentTarget)}>
      <i aria-hidden="true">?</i>
    </button>
  );
}

/** Fetched when the first question is asked, and again when that failed. */
const load = () => whole(() => import("../explain/Panel")).then(({ Panel }) => Panel);
const loadPerson = () => whole(() => import("../explain/Person")).then(({ Person }) => Person);
const loadDetail = () => whole(() => import("../detail/Detail")).then(({ Detail }) => Detail);

interface Opens {
  readonly wall: Wall;
  /** Whether arrows and `?` go over this page's numbers; not where the page has keys of its own. */
  readonly hasKeys?: boolean;
}

/** Where the answer opens. What was opened from another panel lies over it, and gives way to it again. */
export function Answer({ wall, hasKeys = true }: Opens) {
  const [Panel, setPanel] = useState<ComponentType<{ wall: Wall }>>();
  const [Person, setPerson] = useState<ComponentType<{ wall: Wall }>>();
  const question = asked.value;
  const [Detail, setDetail] = useState<ComponentType<{ wall: Wall }>>();
  const somebody = person.value;
  const where = place.value;
  useEffect(() => {
    if (where === undefined || Detail !== undefined) return;
    loadDetail().then(
      (panel) => setDetail(() => panel),
      () => (place.value = undefined),
    );
  }, [where, Detail]);
  useEffect(() => {
    if (somebody === undefined || Person !== undefined) return;
    loadPerson().then(
      (panel) => setPerson(() => panel),
      () => (person.value = undefined),
    );
  }, [somebody, Person]);
  useKeydown(pressed, hasKeys);
  useEffect(() => {
    if (question === undefined || Panel !== undefined) return;
    load().then(
      (panel) => setPanel(() => panel),
      () => (asked.value = undefined),
    );
  }, [question, Panel]);
  if (question !== undefined) return Panel === undefined ? null : <Panel wall={wall} />;
  if (somebody !== undefined) return Person === undefined ? null : <Person key={somebody.id} wall={wall} />;
  return where === undefined || Detail === undefined ? null : <Detail key={`${where.kind} ${where.id}`} wall={wall} />;
}
