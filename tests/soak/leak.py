"""A page that keeps what it no longer needs: what the watch over growth must find."""

LEAK = """() => {
  const kept = (window.__kept = []);
  setInterval(() => {
    const node = document.createElement("div");
    node.append(document.createElement("b"), "gone");
    node.addEventListener("click", () => node);
    kept.push(node, new Array(200).fill(kept.length));
  }, 100);
}"""
"""Ten nodes' families and some 16 kB a second, detached, each with a listener."""
