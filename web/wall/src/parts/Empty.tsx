/** Nothing to show, and why; never a bare hole. */
export function Empty({ what, why }: { what: string; why: string }) {
  return (
    <div class="empty">
      <p>{what}</p>
      <p class="why">{why}</p>
    </div>
  );
}
