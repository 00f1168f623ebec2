// Computed values follow what is typed: the server is asked, and says what it would keep.
// Without this file they are computed when the page is saved.
"use strict";
for (const form of document.querySelectorAll("form[data-computes]")) {
  let waiting = 0, turn = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++turn, sent = new FormData();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") sent.append(name, value);
      const answer = await fetch(form.dataset.computes, { method: "POST", body: sent }).catch(() => null);
      if (!answer || !answer.ok || mine !== turn) return;
      const { computed } = await answer.json();
      for (const each of form.querySelectorAll("[data-computed]")) {
        const words = computed[each.dataset.computed] || "—";
        if (each.textContent !== words) each.textContent = words;
      }
    }, 300);
  });
}
