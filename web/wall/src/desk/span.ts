const two = (n: number): string => String(n).padStart(2, "0");

/** A span as desks show it: `0:04`, `59:59`, then `1:00:00`. */
export function deskSpan(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
