/* The interactive chart, from the same spec as the picture; it takes its place only once it is drawn. */

const coloured = (spec) => {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue("--soft").trim();
  const serie = style.getPropertyValue("--serie").trim();
  return JSON.parse(JSON.stringify(spec).replaceAll("currentColor", ink).replaceAll("#010203", serie));
};

const FRENCH = {
  formatLocale: { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"] },
  timeFormatLocale: {
    dateTime: "%A %e %B %Y à %X", date: "%d/%m/%Y", time: "%H:%M:%S", periods: ["", ""],
    days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"], shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
    months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
  },
};

export async function start(figure) {
  const { chart, library } = figure.dataset;
  const [spec] = await Promise.all([fetch(chart).then((r) => r.json()), import(library)]);
  const drawn = figure.querySelector(".drawn");
  const place = document.createElement("div");
  place.className = "drawn live-chart";
  const width = Math.max(240, drawn.clientWidth - 80);
  const mark = { ...spec.mark, tooltip: true };
  figure.append(place);
  await globalThis.vegaEmbed(place, coloured({ ...spec, mark, width, config: { ...spec.config, aria: true } }), {
    ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { theme: "custom", disableDefaultStyle: true },
    ...(document.documentElement.lang === "fr" ? FRENCH : {}),
  });
  drawn.replaceWith(place);
  figure.dataset.ready = "true";
}
