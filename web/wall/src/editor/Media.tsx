import { useEffect, useState } from "preact/hooks";

import { ask } from "../boards/requests";
import { planList } from "../seats/plans";
import { address } from "../wire/socket";
import { lang } from "../words";
import { useBench } from "./bench";
import { type Choice, Field, Select } from "./Field";
import { say } from "./words";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string | undefined) => void;
  readonly wrong?: string | undefined;
}

/** An https address, and which hosts the configuration lets it be of. */
export function AddressField({ label, value, onChange, wrong }: Props) {
  const { list } = useBench();
  const hosts = list.embed.map((origin) => origin.replace(/^https:\/\//, "")).join(", ");
  return (
    <Field label={label} wrong={wrong} note={hosts === "" ? say("address.none") : say("address.allowed", { hosts })}>
      {(id, told) => <input id={id} class="ed-text" type="url" dir="ltr" value={value} placeholder="https://" maxLength={500} spellcheck={false} autocomplete="off" aria-describedby={told} aria-invalid={wrong !== undefined} onInput={(event) => onChange(event.currentTarget.value.trim() || undefined)} />}
    </Field>
  );
}

/** Bytes of the largest picture that the server takes. */
const LARGEST = 512 * 1024;
const TYPES = ["image/png", "image/jpeg", "image/webp"];

/** One of the house's pictures, or a new one. */
export function PictureField({ label, value, onChange, wrong }: Props) {
  const [ids, setIds] = useState<readonly string[]>([]);
  const [trouble, setTrouble] = useState("");
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    ask("api/v1/pictures").then(
      ([, body]) => setIds(idsIn(body["pictures"])),
      () => setTrouble(say("away")),
    );
  }, []);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const problem = !TYPES.includes(file.type) ? say("picture.type") : file.size > LARGEST ? say("picture.large", { n: LARGEST / 1024 }) : "";
    setTrouble(problem);
    if (problem !== "") return;
    setBusy(true);
    try {
      const [status, body] = await ask("api/v1/pictures", "POST", file, file.type);
      const id = (body["entry"] as { id?: unknown } | undefined)?.id;
      if (status >= 300 || typeof id !== "string") return setTrouble(String(body["detail"] ?? say("away")));
      setIds((all) => [...new Set([...all, id])]);
      onChange(id);
    } catch {
      setTrouble(say("away"));
    } finally {
      setBusy(false);
    }
  };
  const choices: readonly Choice[] = [{ value: "", name: say("picture.none") }, ...[...new Set([...ids, ...(value === "" ? [] : [value])])].map((id) => ({ value: id, name: id }))];
  return (
    <div class="ed-picture">
      <Select label={label} value={value} choices={choices} onChange={(id) => onChange(id || undefined)} wrong={wrong ?? (trouble || undefined)} note={say("picture.limits", { n: LARGEST / 1024 })} />
      {value !== "" && <img src={address(`api/v1/pictures/${encodeURIComponent(value)}`).href} alt="" />}
      <label class="ed-btn file">
        {say(isBusy ? "picture.sending" : "picture.upload")}
        <input type="file" accept={TYPES.join(",")} disabled={isBusy} onChange={(event) => void take(event.currentTarget.files?.[0])} />
      </label>
    </div>
  );
}

const idsIn = (told: unknown): readonly string[] => (Array.isArray(told) ? told.map((one: { id?: unknown }) => one.id).filter((id) => typeof id === "string") : []);

/** A floor plan by its name. */
export function PlanField({ label, value, onChange, wrong }: Props) {
  const [plans, setPlans] = useState<readonly Choice[]>([]);
  useEffect(() => {
    planList().then(
      ({ plans: all }) => setPlans(all.map(({ id, name }) => ({ value: id, name: name[lang.peek()] ?? Object.values(name)[0] ?? id }))),
      () => undefined, // then the id alone is shown
    );
  }, []);
  const choices = [{ value: "", name: say("plan.first") }, ...plans, ...(value === "" || plans.some((plan) => plan.value === value) ? [] : [{ value, name: value }])];
  return <Select label={label} value={value} choices={choices} onChange={(id) => onChange(id || undefined)} wrong={wrong} note={say("plan.note")} />;
}
