// Progressive help only: the form works without this file. Lets a file be dropped or pasted anywhere on it.
"use strict";

for (const form of document.querySelectorAll(".check-form")) {
  const input = form.querySelector("input[type=file]");
  const text = form.querySelector("textarea");
  const zone = form.querySelector("[data-drop]");
  const hint = form.querySelector("[data-hint]");
  const limit = Number(form.dataset.maxBytes);
  const usualHint = hint.textContent;

  const say = (message, wrong) => {
    hint.textContent = message;
    hint.classList.toggle("wrong", wrong);
    hint.setAttribute("role", wrong ? "alert" : "status");
  };

  const chosen = () => {
    const file = input.files[0];
    if (!file) {
      say(usualHint, false);
    } else if (file.size > limit) {
      input.value = "";
      say("That file is too large to be a credential.", true);
    } else {
      text.value = "";
      say(`${file.name} is ready to be verified.`, false);
    }
  };

  const take = (files) => {
    input.files = files;
    chosen();
  };

  input.addEventListener("change", chosen);
  text.addEventListener("input", () => {
    input.value = "";
    say(usualHint, false);
  });
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      if (event.dataTransfer.types.includes("Files")) {
        event.preventDefault();
        zone.classList.add("over");
      }
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) {
      event.preventDefault();
      take(event.dataTransfer.files);
    }
  });
  form.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) {
      event.preventDefault();
      take(event.clipboardData.files);
    }
  });
}
