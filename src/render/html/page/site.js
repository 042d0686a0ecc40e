// What pages do beyond what they do without a script. Every page is complete without it.
"use strict";
(() => {
  const status = document.getElementById("status");
  const say = (text) => { if (status) status.textContent = text; };

  // After a question or a filter the reader is at the heading of the results.
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tabIndex === -1) target.focus({ preventScroll: false });

  // On a narrow screen the filters are one line that opens.
  const fold = document.querySelector("[data-fold]");
  if (fold && matchMedia("(max-width: 52rem)").matches) fold.open = false;

  // Fields that are empty are left out of the address.
  const form = document.getElementById("ask");
  if (form) {
    form.addEventListener("formdata", (event) => {
      const data = event.formData;
      for (const name of new Set(data.keys())) {
        const values = data.getAll(name).filter((value) => value !== "");
        data.delete(name);
        for (const value of values) data.append(name, value);
      }
    });
  }

  // What is there to be copied has a button for it.
  for (const text of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = "Copy";
    button.addEventListener("click", () =>
      navigator.clipboard.writeText(text.textContent).then(() => say(text.dataset.copy), () => {}));
    text.after(button);
  }

  // A citation is copied when it is unfolded.
  document.addEventListener("toggle", (event) => {
    const cited = event.target.open && event.target.querySelector?.("[data-citation]");
    if (cited && event.target.classList.contains("cite") && navigator.clipboard) {
      navigator.clipboard.writeText(cited.textContent).then(() => say("The citation is copied."), () => {});
    }
  }, true);
})();
