// What opening_hours.js says of texts, each over a fortnight from a day on, at Montpellier: JSON on standard input, JSON on standard output.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/package.json"));
const Hours = require("opening_hours");
const place = { lat: "43.61", lon: "3.88", address: { country_code: "fr", country: "France", state: "Occitanie", county: "Hérault" } };
const two = (n) => String(n).padStart(2, "0");
const said = (t) => `${t.getFullYear()}-${two(t.getMonth() + 1)}-${two(t.getDate())}T${two(t.getHours())}:${two(t.getMinutes())}`;
const answers = JSON.parse(readFileSync(0, "utf8")).map(([text, from]) => {
  try {
    const [year, month, day] = from.split("-").map(Number);
    const found = new Hours(text, place, { mode: 0 }).getOpenIntervals(new Date(year, month - 1, day), new Date(year, month - 1, day + 14));
    return found.map((i) => [said(i[0]), said(i[1]), i[2] ? "unknown" : "open"]);
  } catch {
    return null; // it refuses the text
  }
});
process.stdout.write(JSON.stringify(answers));
