/* A service's page keeps itself up to date and can start from where the visitor is. Without this file it says the same, once. */

/** The search from the visitor's position: asked for, sent with the form, kept nowhere. Four decimals are about ten metres. */
for (const form of document.querySelectorAll("form[data-near]")) {
  const button = form.querySelector("[data-locate]");
  const said = form.querySelector("[role=status]");
  if (!button || !navigator.geolocation || !isSecureContext) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = form.dataset.wait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      form.elements.depart.value = "";
      for (const [name, value] of Object.entries({ lat: coords.latitude, lon: coords.longitude })) {
        const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
        field.value = value.toFixed(4);
      }
      form.requestSubmit();
    }, () => { said.textContent = form.dataset.none; }, { timeout: 15000, maximumAge: 60000 });
  });
}

/** A place of the form taken from the position of the device: written into its field as « latitude, longitude », about ten metres near. */
for (const button of document.querySelectorAll("[data-asking] [data-locate]")) {
  const form = button.form;
  const field = document.getElementById(button.dataset.locate);
  const said = button.parentElement.querySelector("[role=status]");
  if (!field || !navigator.geolocation || !isSecureContext) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = form.dataset.wait;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      field.value = `${coords.latitude.toFixed(4)}, ${coords.longitude.toFixed(4)}`;
      form.requestSubmit();
    }, () => { said.textContent = form.dataset.none; }, { timeout: 15000, maximumAge: 60000 });
  });
}

/** Put the new words of a part in its place, unless somebody is in it: a focus, a selection. What did not change is not touched, so nothing moves. */
function renew(part, fresh) {
  if (!fresh || part.innerHTML === fresh.innerHTML) return;
  const selection = getSelection();
  if (part.contains(document.activeElement) || (selection && !selection.isCollapsed && selection.containsNode(part, true))) return;
  const held = part.querySelector(".hold");
  const left = held ? held.scrollLeft : 0;
  part.replaceChildren(...fresh.childNodes);
  const again = part.querySelector(".hold");
  if (again) again.scrollLeft = left;
}

let tag = null;

async function refresh() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(location.href, { cache: "no-cache", headers: { Accept: "text/html" } });
  if (!answer.ok || answer.headers.get("etag") === tag) return;
  tag = answer.headers.get("etag");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) renew(part, page.getElementById(part.id));
  for (const figure of document.querySelectorAll("figure[data-map]")) {
    const [old, drawn] = [document, page].map((d) => d.querySelector("#carte .map-ground > svg"));
    if (figure.dataset.ready) figure.dispatchEvent(new Event("refresh"));
    else if (old && drawn && old.innerHTML !== drawn.innerHTML) old.replaceChildren(...drawn.childNodes);
  }
  document.documentElement.dataset.refreshed = tag ?? "";
}

const toggle = document.querySelector("[data-refresh]");
if (toggle) {
  let timer = 0;
  const quiet = () => refresh().catch(() => undefined); // no network: the page says how old it is
  const seen = () => { if (timer && document.visibilityState === "visible") quiet(); };
  const set = (on) => {
    clearInterval(timer);
    timer = on ? setInterval(quiet, Number(toggle.dataset.refresh) * 1000) : 0;
    toggle.textContent = on ? toggle.dataset.on : toggle.dataset.off;
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => { set(!timer); seen(); });
  document.addEventListener("visibilitychange", seen);
  set(!matchMedia("(prefers-reduced-motion: reduce)").matches); // those who ask for calm start it themselves
}
