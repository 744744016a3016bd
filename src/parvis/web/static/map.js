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

const RADII = [3, 5, 7, 9.5, 12.5];
const WIDTHS = [1, 2, 3.2, 4.8, 7];
const SHADES = [0.08, 0.26, 0.46, 0.68, 0.95];

/** What grows with the value of a map: as many steps as there are classes, the largest always the same. */
function stepped(name, bounds, sizes, without) {
  const value = ["get", name];
  const own = sizes.slice(sizes.length - bounds.length - 1);
  const steps = bounds.length ? ["step", ["to-number", value], own[0], ...bounds.flatMap((bound, i) => [bound, own[i + 1]])] : own[0];
  return ["case", ["==", ["typeof", value], "number"], steps, without];
}

/** The marks that tell categories apart without their colour: those of the picture. */
const MARKS = ["M3 12a9 9 0 1 0 18 0a9 9 0 1 0 -18 0z", "M3 3h18v18h-18z", "M12 2l10 19h-20z", "M12 1l11 11l-11 11l-11 -11z", "M2 9h7v-7h6v7h7v6h-7v7h-6v-7h-7z"];

function mark(index) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 48 });
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  pen.fillStyle = colour(["--serie", "--lamp", "--serie4", "--serie5", "--edge"][index]);
  pen.strokeStyle = colour(index === 1 ? "--ink" : "--slab");
  pen.lineWidth = 1.5;
  const path = new Path2D(MARKS[index]);
  pen.fill(path);
  pen.stroke(path);
  return pen.getImageData(0, 0, 48, 48);
}

export async function start(figure) {
  const { map: objects, ground, box, library, style, label, need, no, here, value, bounds, kinds } = figure.dataset;
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
  const steps = value && bounds !== undefined ? bounds.split(" ").filter(Boolean).map(Number) : null;
  const known = value && kinds ? JSON.parse(kinds) : null;
  const radius = ["interpolate", ["linear"], ["zoom"], 9, 3, 13, 6, 16, 10];
  const empty = steps ? ["!=", ["typeof", ["get", value]], "number"] : unmet;
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
        { id: "areas", type: "fill", source: "rows", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour("--serie"), "fill-opacity": steps ? stepped(value, steps, SHADES, 0) : 0.28 } },
        { id: "lines", type: "line", source: "rows", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour("--serie"), "line-width": steps ? ["case", ["==", ["geometry-type"], "Polygon"], 1, stepped(value, steps, WIDTHS, 1)] : 2 } },
        {
          id: "points", type: "circle", source: "rows", filter: ["==", ["geometry-type"], "Point"],
          paint: { "circle-radius": steps ? stepped(value, steps, RADII, 4) : radius, "circle-opacity": steps ? 0.7 : 1, "circle-color": ["case", empty, hollow, full], "circle-stroke-color": ["case", empty, full, hollow], "circle-stroke-width": ["case", empty, 2.5, 1.5] },
        },
      ],
    },
    bounds: [[west, south], [east, north]],
    attributionControl: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    fadeDuration: still ? 0 : 150,
    locale: document.documentElement.lang === "fr" ? FRENCH : {},
  });
  if (known) {
    await map.once("load");
    known.forEach((_, i) => map.addImage(`mark-${i}`, mark(i), { pixelRatio: 3.4 }));
    const text = ["to-string", ["get", value]];
    map.addLayer({
      id: "marks", type: "symbol", source: "rows", filter: ["all", ["==", ["geometry-type"], "Point"], ["in", text, ["literal", known]]],
      layout: { "icon-image": ["match", text, ...known.flatMap((one, i) => [one, `mark-${i}`]), "mark-0"], "icon-allow-overlap": true, "icon-ignore-placement": true },
    });
    map.setFilter("points", ["all", ["==", ["geometry-type"], "Point"], ["!", ["in", text, ["literal", known]]]]);
  }
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibre.ScaleControl());
  if (here) {
    const cross = document.createElement("div");
    cross.className = "map-here";
    new maplibre.Marker({ element: cross }).setLngLat(here.split(" ").map(Number)).addTo(map);
  }
  figure.addEventListener("refresh", async () => map.getSource("rows").setData(await fetch(objects).then((r) => r.json())));
  const layers = ["points", "areas", "lines", ...(known ? ["marks"] : [])];
  for (const layer of layers) {
    map.on("click", layer, (event) => {
      new maplibre.Popup({ maxWidth: "20rem" }).setLngLat(event.lngLat).setDOMContent(card(event.features[0].properties)).addTo(map);
    });
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
  const field = document.getElementById(figure.dataset.pick ?? "");
  if (field) pick(map, field, figure.dataset.pickBy);
  await map.once("idle");
  figure.dataset.drawn = map.queryRenderedFeatures({ layers }).length;
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
