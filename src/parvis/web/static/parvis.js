/* Small helps that no page needs: what they do, plain links and forms do too. */

/** Buttons that copy the text beside them. */
for (const block of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "second small";
  button.textContent = block.dataset.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.querySelector("code")?.textContent ?? block.querySelector("a").href);
    button.textContent = block.dataset.copied;
  });
  if (navigator.clipboard) block.append(button);
}

/** Maps and charts load their libraries only when somebody looks. */
for (const [selector, module] of [["[data-map]", "map.js"], ["[data-chart]", "chart.js"]]) {
  const found = document.querySelectorAll(selector);
  if (!found.length) continue;
  const base = new URL(".", import.meta.url);
  const load = async (element) => (await import(element.dataset.module ?? new URL(module, base))).start(element);
  for (const element of found) {
    const button = element.querySelector("[data-start]");
    if (button) {
      button.hidden = false;
      button.addEventListener("click", () => { button.hidden = true; load(element); }, { once: true });
    }
  }
}

/** A page that follows something under way: it says each step as it comes, and loads again once the work is done. Where
 * the portal has no stream left for it, it asks the page's twin. */
const followed = document.querySelector("[data-follow]");
if (followed) {
  const busy = ["received", "reading"];
  const step = document.querySelector("[data-step]");
  const seen = (state, words) => {
    if (!busy.includes(state)) return location.reload();
    if (step && step.textContent !== words) step.textContent = words;
    return true;
  };
  const look = async () => {
    try {
      const answer = await fetch(followed.dataset.follow, { credentials: "same-origin", cache: "no-store" });
      const twin = answer.ok && await answer.json();
      if (twin && !seen(twin.deposit.state, twin.deposit.message || twin.step)) return;
    } catch { /* the network is away: asked again */ }
    setTimeout(look, 2000);
  };
  if (window.EventSource && followed.dataset.events) {
    const source = new EventSource(followed.dataset.events);
    source.addEventListener("message", (event) => {
      const { state, step: words } = JSON.parse(event.data);
      if (!seen(state, words)) source.close();
    });
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) look(); });
    addEventListener("pagehide", () => source.close());
  } else setTimeout(look, 1000);
}
