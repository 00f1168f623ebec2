// What is typed decides what is asked and what follows from it: the server is asked, and says both.
// Without this file what is asked in other cases only stands folded; without the server, on the way with
// no signal, it stands open, since whoever must answer is not there again. Values are computed on saving.
"use strict";
for (const form of document.querySelectorAll("form[data-live]")) {
  const parts = [...form.querySelectorAll("[data-question]")], known = form.querySelector("[name=asked]");
  let waiting = 0, turn = 0;
  // A part that is folded is a question of other cases: asked it stands open, otherwise it is away.
  const show = (part, open) => {
    part.hidden = !open;
    if (part.tagName === "DETAILS") part.firstElementChild.hidden = part.open = open;
  };
  const fold = () => {
    for (const part of parts) {
      if (part.tagName !== "DETAILS") continue;
      part.hidden = part.firstElementChild.hidden = false;
      part.open = true;
    }
  };
  async function ask() {
    const mine = ++turn, sent = new FormData();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
    const answer = await fetch(form.dataset.live, { method: "POST", body: sent }).catch(() => null);
    if (mine !== turn) return;
    if (!answer || !answer.ok) return fold();
    const { computed, asked } = await answer.json(), open = new Set(asked);
    for (const part of parts) show(part, open.has(part.dataset.question));
    if (known) known.value = asked.join(" ");
    for (const each of form.querySelectorAll("[data-computed]")) {
      const words = computed[each.dataset.computed] || "—";
      if (each.textContent !== words) each.textContent = words;
    }
  }
  const soon = (wait) => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, wait);
  };
  form.addEventListener("input", () => soon(300));
  if (parts.length) soon(0);
}
