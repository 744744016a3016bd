/* The check page: the chosen file stays chosen while reports come and go, and may be dropped on the form. Without this script the form does all of it, file by file. */

const wire = () => {
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  for (const hint of document.querySelectorAll("[data-without-script]")) hint.hidden = true;
  const input = form.elements.fichier;
  const report = form.querySelector("button[value=rapport]");
  const say = (text) => { form.querySelector("[data-status]").textContent = text; };

  form.addEventListener("submit", async (event) => {
    const button = event.submitter ?? report;
    if (button.value !== "rapport" || !input.files.length) return; // a file to take away: the browser saves it
    event.preventDefault();
    say(form.dataset.working);
    report.disabled = true;
    const body = new FormData(form);
    body.append("reponse", "rapport");
    const kept = { fichier: input, schema_fichier: form.elements.schema_fichier };
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
      show(new DOMParser().parseFromString(await answer.text(), "text/html"), kept);
    } catch {
      report.disabled = false;
      say("");
      form.submit();
    }
  });

  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit(report);
  });
};

/** Put the answer's page in the place of this one, with the files that were chosen. */
const show = (page, kept) => {
  for (const [name, input] of Object.entries(kept)) page.querySelector(`form[data-check] [name=${name}]`)?.replaceWith(input);
  const main = document.querySelector("main");
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  wire();
  window.scrollTo({ top: 0, behavior: "instant" });
  main.focus({ preventScroll: true });
};

wire();
