// Two small comforts. Everything works without them.
"use strict";

// A form that is on its way is not sent a second time by a second click. The server would notice as well.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-disabled", "true");
  }
});

// Back from the next page, the form may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) {
      button.removeAttribute("aria-disabled");
    }
  }
});

// A half-written answer is not lost by a wrong click.
window.addEventListener("beforeunload", (event) => {
  const texts = [...document.querySelectorAll("textarea[data-keep]")];
  const unsent = (text) => text.value !== text.defaultValue && !text.form.dataset.sent;
  if (texts.some(unsent)) {
    event.preventDefault();
  }
});
