/** Keeps the screen on while it is looked at, where the browser allows it; asked again whenever the page is seen anew. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let isOver = false;
  const ask = async () => {
    if (isOver || document.visibilityState !== "visible" || (lock !== undefined && !lock.released)) return;
    try {
      lock = await navigator.wakeLock.request("screen");
      if (isOver) void lock.release();
    } catch {
      lock = undefined; // not allowed, or a battery that is low: the machine's own settings hold
    }
  };
  if (!("wakeLock" in navigator)) return () => undefined;
  void ask();
  const again = () => void ask();
  document.addEventListener("visibilitychange", again);
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", again);
    void lock?.release();
  };
}
