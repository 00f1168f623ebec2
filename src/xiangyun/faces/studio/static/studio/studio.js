// An editor that grows with its text, is saved by Ctrl+S, and jumps to the line of a finding.
// Without this file the text scrolls, the button saves, and a finding leads to its line.
"use strict";
const text = document.getElementById("text");
if (text) {
  const grow = () => { text.rows = Math.max(8, text.value.split("\n").length + 1); };
  text.addEventListener("input", grow);
  grow();
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      text.form.requestSubmit();
    }
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href*='#L']");
    if (!link || link.pathname !== location.pathname) return;
    const line = Number(link.hash.slice(2)), lines = text.value.split("\n");
    const from = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(from, from + (lines[line - 1] || "").length);
  });
}
