/* The form that hands files in: dropped or pasted anywhere on it, listed before they leave, too large ones said at once.
 * Without this script the browser's own field does all of it. */

const form = document.querySelector("form[data-send]");
const input = form.elements.fichier;
const list = form.querySelector("[data-chosen]");
const most = Number(form.dataset.most);
const chosen = new Map();

const size = (bytes) => {
  const unit = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: unit[0], maximumFractionDigits: 1 }).format(bytes / unit[1]);
};

/** Keep these files beside those that are chosen; one of the same name takes its place. */
const add = (files) => {
  for (const file of files) chosen.set(file.name, file);
  show();
};

const show = () => {
  const kept = new DataTransfer();
  for (const file of chosen.values()) kept.items.add(file);
  input.files = kept.files;
  let total = 0;
  list.replaceChildren(...[...chosen.values()].map((file) => {
    total += file.size;
    const line = document.createElement("li"), drop = document.createElement("button");
    line.append(`${file.name} (${size(file.size)}) `);
    drop.type = "button";
    drop.className = "second small";
    drop.textContent = list.dataset.drop;
    drop.setAttribute("aria-label", `${list.dataset.drop} ${file.name}`);
    drop.addEventListener("click", () => { chosen.delete(file.name); show(); input.focus(); });
    line.append(drop);
    return line;
  }));
  if (total > most) {
    const line = document.createElement("li");
    line.className = "why";
    line.textContent = list.dataset.large;
    list.append(line);
  }
};

input.addEventListener("change", () => { chosen.clear(); add(input.files); });
if (input.files.length) add(input.files); // chosen before this script came, or kept by the browser

form.addEventListener("dragover", (event) => {
  if (!event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  form.classList.add("over");
});
form.addEventListener("dragleave", (event) => { if (!form.contains(event.relatedTarget)) form.classList.remove("over"); });
form.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  form.classList.remove("over");
  add(event.dataTransfer.files);
});

/** Cells pasted outside a field go into the field of the pasted table. */
document.addEventListener("paste", (event) => {
  if (event.target.closest?.("input, textarea, select")) return;
  if (event.clipboardData.files.length) return add(event.clipboardData.files);
  const text = event.clipboardData.getData("text/plain");
  if (!text.includes("\t") && !text.includes("\n")) return;
  form.elements.colle.closest("details").open = true;
  form.elements.colle.value = text;
  form.elements.colle.focus();
});
