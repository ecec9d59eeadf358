"use strict";
(() => {
  const doubts = [...document.querySelectorAll("mark > a")];
  const sentences = [...document.querySelectorAll(".english [data-pair]")];
  const place = document.getElementById("place");
  let lit = [];
  let current = -1;

  // The two sides of a sentence and its note have the same number.
  function light(part) {
    for (const each of lit) each.classList.remove("lit");
    lit = part ? [...document.querySelectorAll(`[data-pair="${part.dataset.pair}"]`)] : [];
    for (const each of lit) each.classList.add("lit");
  }

  function pairAt(node) {
    return node instanceof Element ? node.closest("[data-pair]") : null;
  }

  // From where the reader is, and around the ends.
  function step(among, by) {
    if (!among.length) return;
    const numbers = among.map((each) => Number(pairAt(each).dataset.pair));
    const found = by > 0 ? numbers.findIndex((each) => each > current) : numbers.findLastIndex((each) => each < current);
    const index = found >= 0 ? found : by > 0 ? 0 : among.length - 1;
    among[index].focus({ preventScroll: true });
    among[index].scrollIntoView({ block: "center" });
    if (place && among === doubts) place.textContent = `${index + 1} of ${among.length}`;
  }

  document.addEventListener("pointerover", ({ target }) => light(pairAt(target) || pairAt(document.activeElement)));

  for (const event of ["focusin", "click"]) {
    document.addEventListener(event, ({ target }) => {
      const part = pairAt(target) || pairAt(document.activeElement);
      if (!part) return;
      current = Number(part.dataset.pair);
      light(part);
    });
  }

  document.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    step(event.shiftKey ? sentences : doubts, by);
  });

  document.getElementById("next")?.addEventListener("click", () => step(doubts, 1));
  document.getElementById("previous")?.addEventListener("click", () => step(doubts, -1));
})();
