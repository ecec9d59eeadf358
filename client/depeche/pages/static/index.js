"use strict";
(() => {
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const body = document.querySelector("tbody");
  const rows = [...body.rows];
  const total = rows.length.toLocaleString("en");
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  // Whoever types a word without its accents means it with them too.
  function plain(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  // With gaps, so that no word is found that begins in one cell and ends in the next.
  const texts = rows.map((row) =>
    plain([...row.querySelectorAll("a, .french, .reasons")].map((part) => part.textContent).join(" ")),
  );

  function show() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let number = 0;
    rows.forEach((row, index) => {
      const wanted = words.every((word) => texts[index].includes(word));
      if (row.hidden === wanted) row.hidden = !wanted;
      number += wanted;
    });
    found.textContent = words.length ? `${number.toLocaleString("en")} of ${total} articles` : "";
  }

  function value(row, column) {
    const cell = row.cells[column];
    return "value" in cell.dataset ? Number(cell.dataset.value) : cell.textContent;
  }

  function order(column, descending) {
    const sign = descending ? -1 : 1;
    const keyed = rows.map((row) => [value(row, column), row]);
    keyed.sort(([a], [b]) => sign * (typeof a === "number" ? a - b : collator.compare(a, b)));
    body.append(...keyed.map(([, row]) => row));
  }

  // The headings become buttons here, as without this script they would do nothing.
  const headings = [...document.querySelectorAll("thead th")].slice(0, 3);
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    heading.dataset.name = heading.textContent;
    heading.replaceChildren(button);
    button.addEventListener("click", () => {
      // Titles begin with the first letter, doubts with the most of them, confidences with the lowest.
      const before = heading.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : column === 1;
      for (const each of headings) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      order(column, descending);
    });
  });

  search.form.addEventListener("submit", (event) => event.preventDefault());
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 80);
  });
  if (search.value) show();
})();
