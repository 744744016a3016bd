/* « Chez moi » with a memory of its own: the place is kept by this browser, when its owner ticks the box, and sent only in the body of the form. Without this file the form says the same. */

const KEY = "parvis.chez-moi";
const form = document.querySelector("[data-at-home]");
const field = form.elements.lieu;
const said = form.querySelector("[role=status]");
const keep = form.querySelector("[data-keep]");
const box = keep.querySelector("input");

let kept = null;
try {
  kept = localStorage.getItem(KEY);
  keep.hidden = false;
} catch { /* a browser that keeps nothing: the box stays hidden */ }

box.checked = kept !== null;
if (kept && !field.value) {
  field.value = kept;
  if (!document.querySelector("[data-answers]")) form.requestSubmit();
}

const remember = () => {
  if (keep.hidden) return;
  if (box.checked && field.value.trim()) localStorage.setItem(KEY, field.value.trim());
  else localStorage.removeItem(KEY);
};
form.addEventListener("submit", remember);
box.addEventListener("change", remember);

const button = form.querySelector("[data-locate]");
if (navigator.geolocation && isSecureContext) {
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = form.dataset.wait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      field.value = `${coords.latitude.toFixed(4)}, ${coords.longitude.toFixed(4)}`;
      form.requestSubmit();
    }, () => { said.textContent = form.dataset.none; }, { timeout: 15000, maximumAge: 60000 });
  });
}
