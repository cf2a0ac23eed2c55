// What an eye would object to, measured in the page: text clipped, off the page, printed over other text, too faint
// or too small. Returns a list of complaints. Ignored: what is there for readers only (.vh) and invisible.
// `kind` is "wall" (nothing may scroll, everything is large), "page" (read from a chair or in a hand; scrolls down only) or
// "panel" (as a page, but only the dialog that lies over the wall).
(kind) => {
  kind ??= "wall"; // Playwright gives null where a test gives nothing
  const isPage = kind !== "wall";
  const root = kind === "panel" ? document.querySelector("[role=dialog]") : document.body;
  const complaints = [];
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const NEAR = kind === "panel" ? Math.max(12, 1.2 * rem) : isPage ? 1.2 * rem : 3 * rem;
  // Tiles of a crowded floor are the one thing that may be smaller than the near tier.
  const DENSE = 2.2 * rem;

  const parse = (text) => {
    const rgb = text.match(/rgba?\(([^)]+)\)/);
    if (!rgb) return [0, 0, 0, 0];
    const [r, g, b, a = 1] = rgb[1].split(/[ ,/]+/).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const label = (element) => element.tagName.toLowerCase() + "." + (element.getAttribute("class") ?? "").trim().replace(/\s+/g, ".");
  const mayEllipsis = (element) => getComputedStyle(element).textOverflow === "ellipsis";

  const texts = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const words = node.textContent.trim();
    if (!element.checkVisibility({ contentVisibilityAuto: true })) continue;
    if (!words || element.closest(".vh, script, style, symbol, noscript, .language")) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" || style.clipPath !== "none") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width > 1) texts.push({ element, words: words.slice(0, 24), style, box, lines: [...range.getClientRects()] });
  }

  for (const { element, words, style, box } of texts) {
    const svg = element.closest("svg");
    let size = parseFloat(style.fontSize);
    if (svg?.viewBox.baseVal.width) size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    // A unit beside its figure is read with it: "12 分", "79%", "/44".
    const isUnit = element.matches(".u, small") && element.closest("td, .num, .for");
    const floor = element.closest(".agent") ? DENSE : NEAR;
    if (size < (isUnit ? floor * 0.6 : floor) - 0.3 && !element.closest(".bar .gap, kbd")) complaints.push(["small", size.toFixed(1), words, label(element)]);

    const paper = behind(svg ? svg.parentElement : element);
    const ink = over(parse(svg ? style.fill : style.color), paper);
    const [a, b] = [luminance(ink), luminance(paper)];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) complaints.push(["faint", contrast.toFixed(2), words, label(element)]);

    // The line box of a Chinese face is 1.45 em, its ink 0.92 em.
    const slack = Math.max(2.5, size * 0.3);
    let cutBy = null;
    for (let e = element; e && e !== document.body; e = e.parentElement) {
      if (mayEllipsis(e)) { cutBy = e; break; }
      const edge = e.getBoundingClientRect();
      const clips = getComputedStyle(e).overflow !== "visible" || e.matches(".tile, .agent, td, th, li, button");
      // What may be scrolled to is not cut.
      if (isPage && /auto|scroll/.test(getComputedStyle(e).overflowY)) { cutBy = e; break; }
      if (!clips || !edge.width) continue;
      if (box.right > edge.right + 1.5 || box.left < edge.left - 1.5 || box.bottom > edge.bottom + slack || box.top < edge.top - slack)
        complaints.push(["cut", `${Math.round(box.right - edge.right)}x ${Math.round(box.bottom - edge.bottom)}y`, words, label(e)]);
    }
    const seen = cutBy ? cutBy.getBoundingClientRect() : box;
    if (seen.left < -1 || (!isPage && seen.top < -slack) || seen.right > innerWidth + 1 || (!isPage && seen.bottom > innerHeight + slack))
      complaints.push(["off the page", `${Math.round(seen.right)},${Math.round(seen.bottom)}`, words, label(element)]);
  }

  // What does not fit its box and is neither shortened nor meant to be.
  for (const element of (kind === "panel" ? root : document).querySelectorAll(kind === "panel" ? "*" : "main *")) {
    if (element.closest("svg, .vh") || mayEllipsis(element) || getComputedStyle(element).display === "inline") continue;
    if (/^(TBODY|THEAD|TR|TABLE|COL)/.test(element.tagName) || getComputedStyle(element).clipPath !== "none") continue;
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 2)
      complaints.push(["too wide", `${element.scrollWidth}>${element.clientWidth}`, element.textContent.trim().slice(0, 24), label(element)]);
  }

  // Lines of one text and one after another may touch; two texts may not share ink.
  const boxes = texts.flatMap(({ element, words, lines }) => lines.map((line) => {
    let clip = line;
    for (let e = element; e; e = e.parentElement) {
      if (getComputedStyle(e).overflow === "visible") continue;
      const edge = e.getBoundingClientRect();
      clip = { left: Math.max(clip.left, edge.left), right: Math.min(clip.right, edge.right), top: Math.max(clip.top, edge.top), bottom: Math.min(clip.bottom, edge.bottom) };
    }
    const trim = (clip.bottom - clip.top) * 0.18;
    return { element, words, left: clip.left, right: clip.right, top: clip.top + trim, bottom: clip.bottom - trim };
  }));
  // What a bar of its own paper stands over is scrolled away, not printed over.
  const bar = (element) => {
    for (let e = element; isPage && e; e = e.parentElement)
      if (getComputedStyle(e).position === "fixed" && parse(getComputedStyle(e).backgroundColor)[3] === 1) return e;
    return null;
  };
  boxes.forEach((one, i) => {
    for (const other of boxes.slice(i + 1))
      if (one.element !== other.element && bar(one.element) === bar(other.element) && one.left < other.right - 2 && other.left < one.right - 2 && one.top < other.bottom - 1 && other.top < one.bottom - 1)
        complaints.push(["overlap", "", `${one.words} × ${other.words}`, `${label(one.element)} / ${label(other.element)}`]);
  });

  // On a page somebody clicks: 28 px by day, 44 px where fingers do.
  const target = innerWidth <= 700 ? 44 : 28;
  for (const element of isPage ? root.querySelectorAll("a, button, summary, label:has(input[type=radio])") : []) {
    const { width, height } = element.getBoundingClientRect();
    if (height && Math.min(width, height) < target - 0.5) complaints.push(["hard to hit", `${width.toFixed(0)}x${height.toFixed(0)}`, element.textContent.trim().slice(0, 24), label(element)]);
  }

  const page = document.documentElement;
  if (page.scrollWidth > innerWidth || (!isPage && page.scrollHeight > innerHeight))
    complaints.push(["scrolls", `${page.scrollWidth}x${page.scrollHeight}`, "", ""]);
  return complaints;
}
