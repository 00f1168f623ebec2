// j, k and Enter in the queue. Without this file every row is still a link.
"use strict";
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|SELECT|TEXTAREA|BUTTON|A)$/.test(event.target.tagName) && event.key === "Enter") return;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
  const table = document.querySelector("table[data-keys]");
  if (!table) return;
  const rows = Array.from(table.tBodies[0].rows);
  const at = rows.findIndex((row) => row.classList.contains("at"));
  if (event.key === "Enter" && at >= 0) { rows[at].querySelector("a").click(); return; }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const next = Math.max(0, Math.min(rows.length - 1, at + step));
  if (at >= 0) rows[at].classList.remove("at");
  rows[next].classList.add("at");
  rows[next].querySelector("a").focus({ preventScroll: true });
  rows[next].scrollIntoView({ block: "nearest" });
});
