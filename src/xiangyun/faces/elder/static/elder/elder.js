// Read the page aloud with the voice of the browser; without one the button stays away.
"use strict";
const button = document.getElementById("read-aloud");
if (button && "speechSynthesis" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) { speechSynthesis.cancel(); return; }
    const words = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
    words.lang = document.documentElement.lang;
    words.rate = .9;
    speechSynthesis.speak(words);
  });
}
