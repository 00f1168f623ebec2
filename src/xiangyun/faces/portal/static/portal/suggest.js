// Suggestions below a field while one types. Without this file the button beside the field searches.
"use strict";
for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("list"));
  let waiting = 0, asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    const words = field.value.trim();
    if (!words || words === asked) return;
    waiting = setTimeout(async () => {
      asked = words;
      const address = new URL(field.dataset.suggest, location);
      address.searchParams.set("q", words);
      const answer = await fetch(address).catch(() => null);
      if (!answer || !answer.ok || field.value.trim() !== words) return;
      const found = await answer.json();
      list.replaceChildren(...(found.places ?? found.services).map((name) => new Option(name, name)));
    }, 200);
  });
}
