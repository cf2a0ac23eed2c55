import { useEffect, useState } from "preact/hooks";

/** Width and height of what is inside an element, CSS px; 0 until it is on the page. */
export function useElementSize(ref: { readonly current: HTMLElement | null }): readonly [width: number, height: number] {
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setSize((before) => (before[0] === element.clientWidth && before[1] === element.clientHeight ? before : [element.clientWidth, element.clientHeight]));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}
