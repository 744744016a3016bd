/* The interactive chart, from the same spec as the picture; it takes its place only once it is drawn. */

/** What stands in the spec for the colours of the page, and their names in its style. */
const COLOURS = { currentColor: "--soft", "#010203": "--serie", "#010204": "--lamp", "#010206": "--serie4", "#010207": "--serie5", "#010208": "--edge", "#010209": "--slab" };

const coloured = (spec) => {
  const style = getComputedStyle(document.documentElement);
  return JSON.parse(Object.entries(COLOURS).reduce((text, [from, to]) => text.replaceAll(from, style.getPropertyValue(to).trim()), JSON.stringify(spec)));
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
  const drawn = [...figure.querySelectorAll(".drawn")].find((one) => one.clientWidth) ?? figure.querySelector(".drawn");
  const place = document.createElement("div");
  place.className = "drawn live-chart";
  const width = Math.max(240, drawn.clientWidth - 80);
  const mark = { ...spec.mark, tooltip: true };
  figure.querySelector("figcaption").before(place);
  await globalThis.vegaEmbed(place, coloured({ ...spec, mark, width, config: { ...spec.config, aria: true } }), {
    ast: true, actions: false, defaultStyle: false, renderer: "svg", tooltip: { theme: "custom", disableDefaultStyle: true },
    ...(document.documentElement.lang === "fr" ? FRENCH : {}),
  });
  figure.querySelectorAll(".drawn:not(.live-chart)").forEach((one) => one.remove());
  figure.dataset.ready = "true";
}
