/**
 * What is pending inside an element is settled before the element is moved.
 *
 * Chromium (seen in 156) loses it otherwise: where a class changes and the element is moved by `moveBefore` before the next
 * frame, what is inside keeps the looks of before: a tile that is sorted anew as it passes its limit would stay calm. Preact
 * does just that, the class first. A browser without `moveBefore` moves by `insertBefore`, which loses nothing but the focus.
 */
export function settleBeforeMoves(): void {
  const { moveBefore } = Element.prototype;
  if (typeof moveBefore !== "function") return;
  Element.prototype.moveBefore = function (node, before) {
    if (node instanceof Element) node.getAnimations({ subtree: true }); // to answer, the styles of all of it are worked out
    moveBefore.call(this, node, before);
  };
}
