/* The interactive map, over the picture that the server drew. It asks nothing of anybody else: our own objects on our own ground. */

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const escaped = (text) => {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
};

/** A popup: what the row says, name by name. */
function card(properties) {
  const list = document.createElement("dl");
  list.className = "facts";
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === "") continue;
    const term = document.createElement("dt");
    const said = document.createElement("dd");
    term.append(escaped(name));
    said.append(escaped(String(value)));
    list.append(term, said);
  }
  return list;
}

function stylesheet(href) {
  return new Promise((done, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
    link.addEventListener("load", done);
    link.addEventListener("error", failed);
    document.head.append(link);
  });
}

export async function start(figure) {
  const { map: objects, ground, box, library, style, label, need, no, here } = figure.dataset;
  const [maplibre, found, land] = await Promise.all([
    import(library), fetch(objects).then((r) => r.json()), fetch(ground).then((r) => r.json()), stylesheet(style),
  ]);
  const [west, south, east, north] = box.split(" ").map(Number);
  const holder = document.createElement("div");
  holder.className = "map-live";
  holder.setAttribute("aria-label", label);
  figure.querySelector(".map-ground").append(holder);
  const full = colour("--serie");
  const hollow = colour("--slab");
  const unmet = ["==", ["get", need ?? ""], no ?? "\u0001"];
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new maplibre.Map({
    container: holder,
    style: {
      version: 8,
      sources: { land: { type: "geojson", data: land }, rows: { type: "geojson", data: found } },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": colour("--slab-deep") } },
        { id: "land", type: "fill", source: "land", paint: { "fill-color": colour("--slab"), "fill-opacity": 0.6 } },
        { id: "edges", type: "line", source: "land", paint: { "line-color": colour("--edge"), "line-width": 0.8 } },
        { id: "areas", type: "fill", source: "rows", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--serie"), "fill-opacity": 0.28 } },
        { id: "lines", type: "line", source: "rows", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour("--serie"), "line-width": 2 } },
        {
          id: "points", type: "circle", source: "rows", filter: ["==", ["geometry-type"], "Point"],
          paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 3, 13, 6, 16, 10], "circle-color": ["case", unmet, hollow, full], "circle-stroke-color": ["case", unmet, full, hollow], "circle-stroke-width": ["case", unmet, 2.5, 1.5] },
        },
      ],
    },
    bounds: [[west, south], [east, north]],
    attributionControl: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    fadeDuration: still ? 0 : 150,
    locale: document.documentElement.lang === "fr" ? FRENCH : {},
  });
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl());
  if (here) {
    const cross = document.createElement("div");
    cross.className = "map-here";
    new maplibre.Marker({ element: cross }).setLngLat(here.split(" ").map(Number)).addTo(map);
  }
  figure.addEventListener("refresh", async () => map.getSource("rows").setData(await fetch(objects).then((r) => r.json())));
  for (const layer of ["points", "areas", "lines"]) {
    map.on("click", layer, (event) => {
      new maplibre.Popup({ maxWidth: "20rem" }).setLngLat(event.lngLat).setDOMContent(card(event.features[0].properties)).addTo(map);
    });
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  const field = document.getElementById(figure.dataset.pick ?? "");
  if (field) pick(map, field, figure.dataset.pickBy);
  await map.once("idle");
  figure.dataset.drawn = map.queryRenderedFeatures({ layers: ["points", "areas", "lines"] }).length;
  figure.querySelector(".map-ground > svg").style.visibility = "hidden";
  figure.dataset.ready = "true";
  map.resize();
  map.getCanvas().focus({ preventScroll: true });
}

/** A click on the map says its place, or the thing under it, in the field of the form, which says it without a map too. */
function pick(map, field, by) {
  const changed = () => field.dispatchEvent(new Event("change", { bubbles: true }));
  if (by === "row") {
    map.on("click", "points", (event) => {
      const [name] = Object.keys(event.features[0].properties);
      for (const option of field.options) if (option.value === name) option.selected = !field.multiple || !option.selected;
      changed();
    });
    return;
  }
  map.on("click", (event) => {
    const said = `${event.lngLat.lat.toFixed(5)}, ${event.lngLat.lng.toFixed(5)}`;
    field.value = field.tagName === "TEXTAREA" && field.value.trim() ? `${field.value.trim()}\n${said}` : said;
    changed();
  });
}

const FRENCH = {
  "CooperativeGesturesHandler.WindowsHelpText": "Ctrl + molette pour zoomer",
  "CooperativeGesturesHandler.MacHelpText": "⌘ + molette pour zoomer",
  "CooperativeGesturesHandler.MobileHelpText": "Deux doigts pour déplacer la carte",
  "Map.Title": "Carte",
  "NavigationControl.ZoomIn": "Agrandir",
  "NavigationControl.ZoomOut": "Réduire",
  "Popup.Close": "Fermer",
  "ScaleControl.Feet": "pi", "ScaleControl.Meters": "m", "ScaleControl.Kilometers": "km", "ScaleControl.Miles": "mi",
};
