import { signal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";

import { useWall, WallProvider } from "../context";
import { Bar } from "../desk/Bar";
import { when } from "../editor/when";
import { Answer } from "../parts/Ask";
import { Door } from "../parts/Door";
import { Glyph, Sprite } from "../parts/Glyph";
import { useTitle } from "../truth/title";
import type { Wall } from "../wall";
import { pageAddress } from "../wire/socket";
import { type Told } from "./ask";
import { AccountForm, LinkForm, Once, passwordOf, Sure, tokenOf } from "./Forms";
import { askMyself, askWay, myself } from "./me";
import { type Account, type DisplayLink, Register } from "./people";
import { many, roleName, say } from "./words";

export function People({ wall }: { wall: Wall }) {
  return (
    <WallProvider value={wall}>
      <Sprite />
      {wall.live.link.value === "refused" ? <Door onEnter={() => wall.live.connect()} /> : <Page />}
      <Answer wall={wall} hasKeys={false} />
    </WallProvider>
  );
}

type Open =
  | { readonly what: "add" | "link" }
  | { readonly what: "edit" | "reset" | "signout" | "disable" | "enable"; readonly account: Account }
  | { readonly what: "revoke"; readonly link: DisplayLink }
  | { readonly what: "password" | "token"; readonly name: string; readonly secret: string };

/** Seconds between two looks at who is here. */
const AGAIN = 10_000;

function Page() {
  const wall = useWall();
  const register = useMemo(() => new Register(), []);
  const query = useMemo(() => signal(""), []);
  const [open, setOpen] = useState<Open>();
  const [isFirst, setFirst] = useState(false);
  useTitle(wall, say("title"));
  useEffect(() => {
    void register.ask();
    void askWay().then((way) => setFirst(way?.isFirst === true));
    const timer = setInterval(() => void register.ask(), AGAIN);
    return () => clearInterval(timer);
  }, [register]);
  if (register.state.value === "closed") return <Door onEnter={() => (void register.ask(), wall.live.connect())} />;
  const everybody = register.everybody.value;
  const mayAdd = (everybody?.roles.length ?? 0) > 0;
  if (isFirst && mayAdd) return <First register={register} onMade={() => (setFirst(false), void askMyself(), void register.ask(), wall.live.connect())} />;
  const wanted = query.value.trim().toLowerCase();
  const shown = (everybody?.accounts ?? []).filter((one) => `${one.name} ${one.id} ${roleName(one.role)}`.toLowerCase().includes(wanted));
  return (
    <>
      <div class="dk-page bd-page" data-page="people">
        <Bar current="people" title={<b>{say("title")}</b>} query={query} placeholder={say("search")} />
        <main class="bd-main">
          <header class="bd-head">
            <h1>{everybody === undefined ? say("title") : many("people", everybody.accounts.length)}</h1>
            <span class="sp" />
            {mayAdd && (
              <button type="button" class="ed-btn main" onClick={() => setOpen({ what: "add" })}>
                {say("add")}
              </button>
            )}
          </header>
          <Notes register={register} />
          {everybody !== undefined && shown.length > 0 && <Table accounts={shown} zone={wall.zone} onOpen={setOpen} />}
          {everybody !== undefined && shown.length === 0 && wanted !== "" && <p class="bd-note">{say("none", { typed: query.value.slice(0, 40) })}</p>}
          {mayAdd && <Links register={register} zone={wall.zone} onOpen={setOpen} />}
        </main>
      </div>
      {open !== undefined && <Opened open={open} register={register} setOpen={setOpen} />}
    </>
  );
}

/** Nobody is there yet: nothing but the way to become somebody. */
function First({ register, onMade }: { register: Register; onMade: () => void }) {
  return (
    <main class="dk-page pp-first">
      <section>
        <h1>{say("first.title")}</h1>
        <AccountForm register={register} isFirst onClose={onMade} onMade={onMade} />
      </section>
    </main>
  );
}

function Notes({ register }: { register: Register }) {
  const [state, everybody] = [register.state.value, register.everybody.value];
  return (
    <>
      {state !== "fresh" && (
        <p class="bd-note" role="status">
          {say(state === "forbidden" ? "forbidden" : state === "away" ? "away" : "loading")}
        </p>
      )}
      {everybody !== undefined && everybody.problem !== "" && (
        <p class="bd-note" role="alert">
          <Glyph name="warn" class="m-warn" />
          <span>{say("problem", { problem: everybody.problem })}</span>
        </p>
      )}
      {everybody?.isKept === false && everybody.problem === "" && (
        <p class="bd-note">
          <Glyph name="warn" class="m-warn" />
          {say("notKept")}
        </p>
      )}
      {everybody?.roles.length === 0 && (
        <p class="bd-note">
          <Glyph name="info" />
          {say("limited")}
        </p>
      )}
    </>
  );
}

interface TableProps {
  readonly accounts: readonly Account[];
  readonly zone: string;
  readonly onOpen: (open: Open) => void;
}

function Table({ accounts, zone, onOpen }: TableProps) {
  return (
    <div class="pp-table" role="table" aria-label={say("title")}>
      <div role="row" class="pp-row head">
        {(["who", "role", "sees", "here", "acts"] as const).map((column) => (
          <span role="columnheader" key={column}>
            {say(`col.${column}`)}
          </span>
        ))}
      </div>
      {accounts.map((account) => (
        <Row key={account.id} account={account} zone={zone} onOpen={onOpen} />
      ))}
    </div>
  );
}

const listed = (ids: readonly string[]): string => ids.join(", ");

function sees({ role, agent, teams, queues }: { role: string; agent: string; teams: readonly string[] | undefined; queues: readonly string[] | undefined }): readonly string[] {
  const own = agent === "" ? [] : [say("sees.agent", { agent })];
  if (role === "agent") return [say("sees.self"), ...own];
  const scope = [...(teams === undefined ? [] : [say("sees.teams", { list: listed(teams) || "–" })]), ...(queues === undefined ? [] : [say("sees.queues", { list: listed(queues) || "–" })])];
  return [...(scope.length === 0 ? [say("sees.all")] : scope), ...own];
}

function Row({ account, zone, onOpen }: { account: Account; zone: string; onOpen: (open: Open) => void }) {
  const { name, id, role, sittings, isDisabled, mustChange } = account;
  const isOwn = id === myself().value?.id;
  const act = (what: "edit" | "reset" | "signout" | "disable" | "enable") => (
    <button type="button" class="ed-btn" data-act={what} onClick={() => onOpen({ what, account })}>
      {say(what)}
    </button>
  );
  return (
    <div role="row" class={`pp-row ${isDisabled ? "off" : ""}`} data-account={id}>
      <span role="cell" class="pp-who">
        <b>
          <bdi>{name}</bdi>
        </b>
        <small>
          <bdi>{id}</bdi>
          {isOwn && <em>{say("state.you")}</em>}
          {isDisabled && <em>{say("state.disabled")}</em>}
          {mustChange && <em>{say("state.must")}</em>}
        </small>
      </span>
      <span role="cell">{roleName(role)}</span>
      <span role="cell" class="pp-sees">
        {sees(account).map((words) => (
          <bdi key={words}>{words}</bdi>
        ))}
      </span>
      <span role="cell" class="pp-here">
        {sittings.length > 0 ? (
          <>
            <b>{many("here.now", sittings.length)}</b>
            {sittings.slice(0, 2).map((one, i) => (
              <small key={i}>
                <bdi>{[one.client, one.browser].filter((words) => words !== "").join(" · ")}</bdi>
              </small>
            ))}
          </>
        ) : (
          <span class="muted">{account.signedIn > 0 ? say("here.last", { at: when(account.signedIn, zone) }) : say("here.never")}</span>
        )}
      </span>
      <span role="cell" class="bd-acts">
        {account.mayChange && act("edit")}
        {account.mayReset && act("reset")}
        {account.mayReset && sittings.length > 0 && act("signout")}
        {account.mayChange && !isOwn && act(isDisabled ? "enable" : "disable")}
      </span>
    </div>
  );
}

function Links({ register, zone, onOpen }: { register: Register; zone: string; onOpen: (open: Open) => void }) {
  const links = register.links.value;
  return (
    <section class="pp-links" aria-labelledby="links">
      <header class="bd-head">
        <h2 id="links">{say("links")}</h2>
        <p class="muted">{say("links.text")}</p>
        <span class="sp" />
        <button type="button" class="ed-btn" onClick={() => onOpen({ what: "link" })}>
          {say("links.new")}
        </button>
      </header>
      {links.length === 0 && <p class="bd-note">{say("links.none")}</p>}
      <ul>
        {links.map((link) => (
          <li key={link.id} class={link.revoked > 0 ? "off" : ""} data-link={link.id}>
            <span class="pp-who">
              <b>
                <bdi>{link.name}</bdi>
              </b>
              <small>
                <bdi>{link.board || say("link.board.standard")}</bdi>
                <span>{sees({ ...link, role: "display", agent: "" }).join(" · ")}</span>
              </small>
            </span>
            <span class="muted">{say("link.by", { who: link.by, at: when(link.created, zone) })}</span>
            <span class="muted">
              {link.revoked > 0
                ? say("link.revoked", { at: when(link.revoked, zone) })
                : link.screens > 0
                  ? many("link.screens", link.screens)
                  : link.used > 0
                    ? say("link.used", { at: when(link.used, zone) })
                    : say("link.unused")}
            </span>
            <span class="bd-acts">
              {link.revoked === 0 && (
                <button type="button" class="ed-btn" onClick={() => onOpen({ what: "revoke", link })}>
                  {say("link.revoke")}
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The address of a screen: the secret is in its fragment, which goes to no log. */
function screenAddress(board: string, token: string): string {
  const url = new URL(pageAddress("./"));
  url.search = "";
  if (board !== "") url.searchParams.set("board", board);
  url.searchParams.set("kiosk", "1");
  url.hash = new URLSearchParams({ token }).toString();
  return url.href;
}

function Opened({ open, register, setOpen }: { open: Open; register: Register; setOpen: (open: Open | undefined) => void }) {
  const close = () => setOpen(undefined);
  const given = (name: string) => (told: Told) => {
    const secret = passwordOf(told);
    setOpen(secret === "" ? undefined : { what: "password", name, secret });
  };
  switch (open.what) {
    case "add":
      return <AccountForm register={register} onClose={close} onMade={(told) => given(nameIn(told))(told)} />;
    case "edit":
      return <AccountForm register={register} account={open.account} onClose={close} onMade={close} />;
    case "link":
      return <LinkForm register={register} onClose={close} onMade={(told) => setOpen({ what: "token", ...madeLink(told) })} />;
    case "reset":
      return <Sure title={say("ask.reset", { name: open.account.name })} words={say("ask.reset.text")} button={say("reset")} wish={() => register.reset(open.account.id)} onClose={close} onDone={given(open.account.name)} />;
    case "signout":
      return <Sure title={say("ask.signout", { name: open.account.name })} words={say("ask.signout.text")} button={say("signout")} wish={() => register.signOut(open.account.id)} onClose={close} onDone={close} />;
    case "disable":
      return <Sure title={say("ask.disable", { name: open.account.name })} words={say("ask.disable.text")} button={say("disable")} wish={() => register.change(open.account.id, { disabled: true })} onClose={close} onDone={close} />;
    case "enable":
      return <Enabling register={register} account={open.account} onClose={close} />;
    case "revoke":
      return <Sure title={say("ask.revoke", { name: open.link.name })} words={say("ask.revoke.text")} button={say("link.revoke")} wish={() => register.revoke(open.link.id)} onClose={close} onDone={close} />;
    case "password":
      return <Once title={say("once.title", { name: open.name })} words={say("once.text")} secret={open.secret} onClose={close} />;
    case "token":
      return <Once title={say("link.made", { name: open.name })} words={say("link.made.text")} secret={open.secret} onClose={close} />;
  }
}

const nameIn = (told: Told): string => String((told.body["account"] as { name?: unknown } | undefined)?.name ?? "");

function madeLink(told: Told): { readonly name: string; readonly secret: string } {
  const link = (told.body["link"] ?? {}) as { name?: unknown; board?: unknown };
  return { name: String(link.name ?? ""), secret: screenAddress(String(link.board ?? ""), tokenOf(told)) };
}

/** Letting somebody in again asks nothing: it takes nothing away. */
function Enabling({ register, account, onClose }: { register: Register; account: Account; onClose: () => void }) {
  useEffect(() => void register.change(account.id, { disabled: false }).then(onClose), []);
  return null;
}
