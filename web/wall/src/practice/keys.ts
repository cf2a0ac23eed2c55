import { useKeydown } from "../parts/hooks";

/** Single keys, only while nobody types somewhere and no modifier is down. */
export function useKeys(keys: readonly (readonly [key: string, doIt: () => void])[]): void {
  useKeydown((event) => {
    const { target } = event;
    const isTyping = target instanceof HTMLInputElement && target.type !== "radio";
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || isTyping) return;
    const found = keys.find(([key]) => key !== "" && key === event.key.toLowerCase());
    if (found === undefined) return;
    event.preventDefault();
    found[1]();
  });
}
