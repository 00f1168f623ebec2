// A paper within a page is as high as it is: nothing scrolls inside, nothing stays empty below.
// It runs no script itself, so it is measured from here; without script, look.css has a height.
"use strict";
for (const frame of document.querySelectorAll("iframe.paper")) {
  const fit = () => {
    const body = frame.contentDocument?.body;
    if (body?.childElementCount) {
      frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 2}px`;
    }
  };
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}
